//! The longer texts of `--help`.

pub(super) const ABOUT: &str = "\
A task platform that you can watch work: submit jobs over HTTP, follow every step of theirs.

Without a command the whole observatory runs in this process: the gateway that takes jobs, the processor \
that runs them, the metrics engine, the read model that answers questions, and a web page. It needs nothing \
else installed or running, and what it has accepted survives being killed.";

pub(super) const AFTER: &str = "\
Examples:
  observatory                              run it; the access points are printed
  observatory --port-offset 100            the same, a hundred ports further up
  observatory prove --kills 20             kill it twenty times and look for damage
  observatory bench --rate 500             latencies at 500 jobs per second
  observatory contracts check --against main

Work with one that runs:
  observatory submit echo --payload '{\"hello\":\"world\"}' --wait 5s
  observatory jobs state:failed type:email
  observatory watch
  curl -H 'content-type: application/json' -d '{\"type\":\"echo\"}' http://localhost:3000/jobs

Exit codes:
  0    done, or stopped as asked
  1    the answer is no: the job failed, nothing matched, `prove`, `bench` or `contracts check`
       found fault; or `up` failed
  2    the command line is wrong, or the machine or the observatory did not let us
  130  interrupted";

pub(super) const UP: &str = "\
Examples:
  observatory up
  observatory up --data-dir ./data --port-offset 100
  observatory up --target services --config observatory.toml --processors 2
  observatory up --target kind --manifests DIR --images DIR --kind-config FILE

Ctrl-C stops it: intake ends, running jobs finish or are handed back. A second one stops it at once.
A cluster goes on by itself: the command ends once everything on it answers.

Exit codes:
  0    stopped as asked; the cluster is ready
  1    could not start or go on, for instance because a port is taken
  2    the command line is wrong
  130  interrupted while the cluster was coming up";

pub(super) const DOWN: &str = "\
Examples:
  observatory down --manifests k8s/rendered/kind

Exit codes:
  0  deleted, or not there
  1  left as it is, or it could not be deleted
  2  the command line is wrong";

pub(super) const STATUS: &str = "\
Examples:
  observatory status --manifests k8s/rendered/kind
  observatory status --manifests k8s/rendered/production --context my-cluster --json

Exit codes:
  0  everything is ready and answers
  1  something is not, or does not
  2  the command line is wrong, or nobody could be asked";

pub(super) const DOCTOR: &str = "\
Examples:
  observatory doctor --manifests k8s/rendered/kind

Exit codes:
  0  this machine will do
  1  something will not do; what can be done about it is printed
  2  the command line is wrong, or the manifests do not read";

pub(super) const MANUAL: &str = "\
Examples:
  observatory manual completions bash > observatory.bash
  observatory manual pages man

Exit codes:
  0  printed or written
  2  the command line is wrong, or it could not be written";

pub(super) const PROVE_ABOUT: &str = "\
Attack the promise: once a job is answered 202, it ends exactly once.

Starts an observatory as a child process and submits jobs to it over HTTP while it kills the process with \
SIGKILL at random moments: while jobs come in, wait, run, end, and while it is still starting. Then it asks \
the public interface about every job, event and counter. Jobs, kills and their moments are drawn from the \
seed.

With --target services each role is a process of its own, on servers that the variables of the roles name and that \
must be empty. A kill hits one of them then, processors most often, sometimes two at once and sometimes everything, \
and `observatory up` starts again what was hit. That needs Linux, which shows the processes. --gently asks processes \
to stop instead: a rolling restart, by which no attempt may be lost. --kills 0 only submits and verifies, for when \
somebody else does the damage.

Some jobs fail on purpose, some are submitted twice, some in batches. Some must not start before their time, some \
race for one unique key, some are cancelled while they wait or run. Schedules fire every second meanwhile, and must \
neither miss nor double a firing.";

pub(super) const PROVE: &str = "\
Examples:
  observatory prove
  observatory prove --jobs 20000 --kills 20 --seed 7
  observatory prove --json --quiet | jq .recovery_ms
  observatory prove --target services --processors 3 --kills 10
  observatory prove --target services --gently
  observatory prove --target services --kills 0 --max-recovery 20 --patience 120

What --json prints:
  accepted, terminal       distinct jobs answered 202, and how many of them ended
  lost                     accepted, and unknown or never ended; due by a schedule, and missing
  duplicated               sum of duplicated_states, duplicated_events, missing_events and
                           duplicated_counters
  unexpected               any other wrong end, wrong answer or contradiction
  cancelled                accepted jobs that were withdrawn in time
  unique_refused           submissions refused because of a unique key; each was accepted later
  fired                    jobs that schedules made
  recovery_ms, ready_ms    p50, p99, max from a kill to the next completed job, and to readiness
  resumed_ms               the same from a kill to the next attempt of each job that it interrupted
  quarantined              killed three times while running, which the contract sets aside
  longest_gap_ms           the longest time in which no job ended while there were jobs that could
  killed                   how many processes of each role were hit, and how often everything
  crashed_attempts, unanswered, turned_away, resubmitted, jobs, kills, seed, elapsed_ms

Exit codes:
  0    the promise was kept
  1    it was broken; the first offenders are listed, data and log are kept
  2    the attack could not be made
  130  interrupted";

pub(super) const BENCH_ABOUT: &str = "\
Measure throughput and latencies.

Flat out, every connection submits its next job as soon as the last one was accepted. At a rate, each job has \
a time at which it is due and its latencies count from there, whether or not the server keeps up. Start and \
completion are taken from the server's own records, so both must share a clock; all jobs are looked up, or a \
seeded sample of 5,000 where there are more than 20,000.

With --target services each role is a process of its own, on servers that the variables of the roles name. What \
those servers do at best is measured first, by `observatory-bare-pipe`: as many messages as long as the jobs, \
published with confirms, stored in batches and acknowledged.

`observatory bench list` measures questions instead: lists and filters over many jobs.";

pub(super) const BENCH: &str = "\
Examples:
  observatory bench
  observatory bench --jobs 200000 --batch 100
  observatory bench --jobs 10000 --rate 500 --json
  observatory bench --gateway http://localhost:3000 --read-model http://localhost:8080
  observatory bench --target services --jobs 50000 --batch 100
  observatory bench list --jobs 1000000

What --json prints:
  jobs_per_second                    jobs over the time from first submission to last job's end
  accept_ms, start_ms, complete_ms   p50, p95, p99, max from a job's due time
  rss_mb                             idle and peak memory of the observatory started here; with
                                     --target services of each of its roles, by name
  pipe_per_second, ratio             with --target services: what the servers do at best, and
                                     jobs_per_second as a part of that
  first_job_ms                       from the start of its process to its first completed job
  jobs, failed, mode, rate, batch, connections, type, elapsed_s, stats_lag_ms, sampled, turned_away

Exit codes:
  0    all jobs completed
  1    some did not
  2    the measurement could not be made
  130  interrupted";

pub(super) const CHECK_ABOUT: &str = "\
Compare the schemas with older ones and check that their versions declare what changed.

Every difference is a patch, a minor or a major one. A schema whose $version rose by less than its changes \
need is under-declared.";

pub(super) const CHECK: &str = "\
Examples:
  observatory contracts check --against main
  observatory contracts check --against v1.0.0 --json
  observatory contracts check --against ../other/checkout

Exit codes:
  0  every change is declared
  1  a change is under-declared, or a schema is gone
  2  schemas could not be read: unknown revision, no repository, no schemas";
