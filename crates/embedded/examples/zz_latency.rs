#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used
)]
use contracts::EventType;
use domain::*;
use embedded::*;
use ports::*;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use uuid::Uuid;
fn msg(k: EventType, id: Uuid, size: usize) -> Message {
    let mut b = vec![b'x'; size];
    b[..16].copy_from_slice(id.as_bytes());
    Message {
        routing_key: k.as_str().into(),
        headers: Headers {
            correlation_id: Some(id),
            ..Default::default()
        },
        body: b.into(),
    }
}
fn idof(d: &Delivery) -> Uuid {
    Uuid::from_slice(&d.message.body[..16]).unwrap()
}
fn nj(d: &Delivery) -> NewJob {
    let id = idof(d);
    let now = SystemClock.now();
    NewJob {
        id,
        job_type: "echo".into(),
        created_at: now,
        accepted_at: now,
        correlation_id: id,
        traceparent: None,
        tags: vec![],
        body: d.message.body.slice(..280),
    }
}
#[tokio::main]
async fn main() {
    let rate: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let secs: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let dir = std::env::temp_dir().join(format!("lat-{}", std::process::id()));
    let db = Arc::new(Database::open(&dir, OpenOptions::new(Arc::new(SystemClock))).unwrap());
    let (bus, jobs, log, stats) = (db.bus(), db.job_store(), db.event_log(), db.live_stats());
    let started: Arc<Mutex<HashMap<Uuid, Instant>>> = Default::default();
    let lat: Arc<Mutex<(Vec<f64>, Vec<f64>)>> = Default::default();
    {
        let (bus, jobs) = (bus.clone(), jobs.clone());
        tokio::spawn(async move {
            let s = bus.subscribe(Queue::Ledger, 512).await.unwrap();
            loop {
                let Ok(d) = s.next(512).await else { return };
                let _ = jobs
                    .admit(
                        d.iter().map(nj).collect(),
                        SystemClock.now() + Duration::from_secs(300),
                    )
                    .await;
                let _ = s.settle(d.iter().map(|d| (d.tag, Settle::Ack)).collect()).await;
            }
        });
    }
    {
        let (bus, log, stats) = (bus.clone(), log.clone(), stats.clone());
        tokio::spawn(async move {
            let s = bus.subscribe(Queue::Events, 2048).await.unwrap();
            loop {
                let Ok(d) = s.next(2048).await else { return };
                let l = d
                    .iter()
                    .map(|d| {
                        let k: EventType = d.message.routing_key.parse().unwrap();
                        LoggedEvent {
                            event_id: event_id(idof(d), 1, k),
                            job_id: idof(d),
                            event_type: k,
                            occurred_at: SystemClock.now(),
                            body: d.message.body.clone(),
                        }
                    })
                    .collect();
                let c = d
                    .iter()
                    .map(|d| {
                        let k: EventType = d.message.routing_key.parse().unwrap();
                        StatEvent {
                            event_id: event_id(idof(d), 1, k),
                            job_id: idof(d),
                            event_type: k,
                            at: SystemClock.now(),
                            job_type: "echo".into(),
                        }
                    })
                    .collect();
                let _ = tokio::join!(log.append(l), stats.apply(c));
                let _ = s.settle(d.iter().map(|d| (d.tag, Settle::Ack)).collect()).await;
            }
        });
    }
    {
        let (bus, jobs, started, lat) = (bus.clone(), jobs.clone(), started.clone(), lat.clone());
        tokio::spawn(async move {
            let s = bus.subscribe(Queue::Work, 1024).await.unwrap();
            let mut c = 0;
            jobs.heartbeat("w", SystemClock.now() + Duration::from_secs(900))
                .await
                .unwrap();
            loop {
                let Ok(d) = s.next(256).await else { return };
                c += 1;
                let t = ClaimTicket {
                    worker: "w".into(),
                    claim: c,
                    now: SystemClock.now(),
                };
                let cl = jobs
                    .claim(
                        &t,
                        d.iter()
                            .map(|d| ClaimRequest {
                                job: nj(d),
                                attempt: 1,
                            })
                            .collect(),
                    )
                    .await
                    .unwrap();
                let (bus, jobs, s, started, lat) =
                    (bus.clone(), jobs.clone(), s.clone(), started.clone(), lat.clone());
                tokio::spawn(async move {
                    let ev: Vec<JobEvent> = cl
                        .into_iter()
                        .filter_map(|c| {
                            if let Claim::Started(s) = c {
                                Some(s.event)
                            } else {
                                None
                            }
                        })
                        .collect();
                    jobs.record(
                        ev.iter()
                            .map(|e| AttemptResult {
                                job_id: e.job_id,
                                attempt: 1,
                                worker: "w".into(),
                                at: SystemClock.now(),
                                run_micros: 1,
                                outcome: Outcome::Completed { result: None },
                            })
                            .collect(),
                    )
                    .await
                    .unwrap();
                    {
                        let st = started.lock().unwrap();
                        let mut l = lat.lock().unwrap();
                        for e in &ev {
                            l.1.push(st[&e.job_id].elapsed().as_secs_f64() * 1e3);
                        }
                    }
                    bus.publish(
                        ev.iter()
                            .flat_map(|e| {
                                [
                                    msg(EventType::Executed, e.job_id, 440),
                                    msg(EventType::Completed, e.job_id, 440),
                                ]
                            })
                            .collect(),
                    )
                    .await
                    .unwrap();
                    let _ = s.settle(d.iter().map(|d| (d.tag, Settle::Ack)).collect()).await;
                });
            }
        });
    }
    let mut tick = tokio::time::interval(Duration::from_nanos(1_000_000_000 / rate));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    for _ in 0..rate * secs {
        tick.tick().await;
        let (bus, started, lat) = (bus.clone(), started.clone(), lat.clone());
        tokio::spawn(async move {
            let id = RandomIds.next();
            let t = Instant::now();
            started.lock().unwrap().insert(id, t);
            bus.publish(vec![msg(EventType::Created, id, 480)]).await.unwrap();
            lat.lock().unwrap().0.push(t.elapsed().as_secs_f64() * 1e3);
        });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut l = lat.lock().unwrap();
    for (n, v) in [("accept", &mut l.0)] {
        v.sort_by(f64::total_cmp);
        println!(
            "{n} n {} p50 {:.2} p95 {:.2} p99 {:.2} max {:.2}",
            v.len(),
            v[v.len() / 2],
            v[v.len() * 95 / 100],
            v[v.len() * 99 / 100],
            v[v.len() - 1]
        );
    }
    let v = &mut l.1;
    v.sort_by(f64::total_cmp);
    println!(
        "complete n {} p50 {:.2} p95 {:.2} p99 {:.2} max {:.2}",
        v.len(),
        v[v.len() / 2],
        v[v.len() * 95 / 100],
        v[v.len() * 99 / 100],
        v[v.len() - 1]
    );
    let st = std::fs::read_to_string("/proc/self/status").unwrap();
    for l in st.lines().filter(|l| l.starts_with("VmRSS")) {
        println!("{l}");
    }
    db.close();
    let _ = std::fs::remove_dir_all(dir);
}
