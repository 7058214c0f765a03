// A server that speaks the wire protocol of MongoDB: FerretDB, on SQLite files under /data. It stands in for MongoDB
// where the real one cannot be had.
package main

import (
	"context"
	"log"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "0.0.0.0:27017"},
		Handler:   "sqlite",
		SQLiteURL: "file:/data/",
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	log.Print("serving on 27017")
	if err := server.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
