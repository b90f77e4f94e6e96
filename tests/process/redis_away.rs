//! Redis goes away in the middle of work and comes back: no request fails, it is told, and all is as before by itself.

use crate::{
    program::{Place, Program, until},
    wire::Answer,
};
use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

/// A Redis of this test's own, which it may kill.
struct Redis {
    folder: tempfile::TempDir,
    url: String,
}

impl Redis {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = script("start", folder.path());
        Self { folder, url }
    }

    fn kill(&self) {
        script("stop", self.folder.path());
    }

    fn restart(&self) {
        assert_eq!(script("restart", self.folder.path()), self.url, "it came back elsewhere");
    }

    /// Stops the process where it is, or lets it go on: it keeps its connections, and answers nothing meanwhile.
    fn signal(&self, name: &str) {
        let pid = fs::read_to_string(self.folder.path().join("pid")).unwrap();
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", pid.trim())]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        script("remove", self.folder.path());
    }
}

fn script(verb: &str, folder: &Path) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/redis.sh");
    let output = Command::new(path).arg(verb).arg(folder).output().unwrap();
    assert!(output.status.success(), "redis.sh {verb}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// An installation on this Redis, where administrators need no second factor.
fn place_with(redis: &Redis) -> Place {
    Place::new().with("REDIS_URL", &redis.url).with("SECURITY__ADMIN_SECOND_FACTOR", "if-enrolled")
}

const SIGN_IN: &str = "identifier=rosa&password=correct+horse+battery+staple&next=%2Faccount";

fn cookie_of(program: &Program) -> String {
    let signed_in = program.post_form("/do/sign-in", SIGN_IN);
    assert_eq!(signed_in.status, 303, "{signed_in:?}");
    signed_in.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn dashboard(program: &Program, cookie: &str) -> Answer {
    let answer = program.ask("GET", "/", &[("Cookie", cookie), ("Accept", "text/html")], "").unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

fn degraded(program: &Program) -> String {
    let metrics = program.get("/metrics").body;
    let line = metrics.lines().find(|line| line.starts_with("countersign_degraded"));
    line.unwrap_or_else(|| panic!("no countersign_degraded in {metrics}")).to_owned()
}

const AWAY: &str = "countersign_degraded{without=\"redis\"} 1";
const HERE: &str = "countersign_degraded{without=\"redis\"} 0";
const NOTICE: &str = "Redis has not answered since";

/// Signs in and opens pages from several sides at once until told to stop; answers how many requests there were. None may fail.
fn work(program: &Program, cookie: &str, stop: &AtomicBool, done: &AtomicUsize) {
    thread::scope(|scope| {
        for worker in 0..4 {
            scope.spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let started = Instant::now();
                    match worker {
                        0 => assert_eq!(program.log_in("rosa").unwrap().status, 200),
                        1 => assert_eq!(program.post_form("/do/sign-in", SIGN_IN).status, 303),
                        // A wrong password leaves a message for the next page.
                        2 => {
                            assert_eq!(program.post_form("/do/sign-in", "identifier=&password=").status, 303)
                        }
                        _ => assert_eq!(dashboard(program, cookie).status, 200),
                    }
                    assert!(started.elapsed() < Duration::from_secs(10), "somebody waited for Redis");
                    done.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
}

#[test]
fn a7_no_request_fails_when_redis_is_killed_and_all_recovers_by_itself() {
    let redis = Redis::start();
    let place = place_with(&redis);
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let program = place.serve();
    let cookie = cookie_of(&program);
    assert_eq!(degraded(&program), HERE);
    assert!(!dashboard(&program, &cookie).body.contains(NOTICE));

    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| work(&program, &cookie, &stop, &done));
        let more = |number: usize| {
            let goal = done.load(Ordering::SeqCst) + number;
            until("the work goes on", || (done.load(Ordering::SeqCst) >= goal).then_some(()));
        };
        more(40);
        redis.kill();
        more(40);
        assert_eq!(degraded(&program), AWAY);
        let ready = program.get("/readyz");
        assert_eq!((ready.status, ready.json()["redis"].as_str()), (200, Some("away")));
        assert!(dashboard(&program, &cookie).body.contains(NOTICE));
        assert_eq!(program.logged("redis does not answer")["level"], "WARN");

        redis.restart();
        until("redis is used again", || (degraded(&program) == HERE).then_some(()));
        assert_eq!(program.logged("redis answers again")["level"], "INFO");
        more(40);
        let is_gone = || !dashboard(&program, &cookie).body.contains(NOTICE);
        until("the notice is gone", || is_gone().then_some(()));
        until("it is ready", || (program.get("/readyz").json()["redis"] == "here").then_some(()));
        stop.store(true, Ordering::SeqCst);
    });
    println!("{} requests, none failed", done.load(Ordering::SeqCst));
    let log = program.log();
    // A machine that is busy may make Redis late once more; each outage has one word at its begin and one at its end.
    let [away, back] =
        ["redis does not answer", "redis answers again"].map(|words| log.matches(words).count());
    assert!(away == back && away < 5, "told more than once:\n{log}");
    assert!(!log.contains("panicked") && !log.contains("\"level\":\"ERROR\""), "{log}");
}

#[test]
fn a7_a_redis_that_hangs_holds_nobody_up() {
    let redis = Redis::start();
    let place = place_with(&redis);
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let program = place.serve();
    let sign_in = |times: usize| {
        let started = Instant::now();
        for _ in 0..times {
            assert_eq!(program.log_in("rosa").unwrap().status, 200);
        }
        started.elapsed()
    };
    let before = sign_in(40);
    redis.signal("STOP");
    println!("the first sign-in took {:.1?}", sign_in(1));
    program.logged("redis does not answer");
    let took = sign_in(40);
    println!("forty took {before:.1?} with Redis, {took:.1?} without");
    assert!(took < before * 2 + Duration::from_secs(5), "each of them waited for Redis: {took:?}");
    redis.signal("CONT");
    program.logged("redis answers again");
}

#[test]
fn q5_the_program_starts_without_its_redis_and_takes_it_up_later() {
    let redis = Redis::start();
    redis.kill();
    let place = place_with(&redis);
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let program = place.serve();
    program.logged("redis does not answer");
    assert_eq!(program.log_in("rosa").unwrap().status, 200);
    redis.restart();
    program.logged("redis answers again");
    assert_eq!(program.log_in("rosa").unwrap().status, 200);
}

/// A Redis that speaks TLS alone and asks for a password, under an authority of its own.
struct PrivateRedis {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl PrivateRedis {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let make = |command: &str| {
            let made = Command::new("sh").args(["-c", command]).current_dir(folder.path()).output().unwrap();
            assert!(made.status.success(), "{command}: {}", String::from_utf8_lossy(&made.stderr));
        };
        let new_key = "openssl req -x509 -newkey rsa:2048 -nodes -days 2";
        make(&format!("{new_key} -subj /CN=authority -keyout ca.key -out ca.pem"));
        make("printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\nbasicConstraints=CA:FALSE\\n' > names");
        make("openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out request.pem");
        make(
            "openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem",
        );
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("redis-server")
            .args(["--port", "0", "--tls-port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args([
                "--tls-cert-file",
                "cert.pem",
                "--tls-key-file",
                "key.pem",
                "--tls-ca-cert-file",
                "ca.pem",
            ])
            .args(["--tls-auth-clients", "no", "--requirepass", "hunter2"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, folder, port }
    }

    fn place(&self, password: &str) -> Place {
        Place::new().with("REDIS_URL", &format!("rediss://:{password}@localhost:{}", self.port))
    }

    fn authority(&self) -> String {
        self.folder.path().join("ca.pem").display().to_string()
    }
}

impl Drop for PrivateRedis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn redis_is_reached_by_tls_and_believed_by_its_authority_alone() {
    let redis = PrivateRedis::start();
    let place = redis.place("hunter2").with("REDIS_CA_FILE", &redis.authority());
    let trusting = place.serve();
    until("redis is used", || (trusting.get("/readyz").json()["redis"] == "here").then_some(()));
    assert_eq!(trusting.post_form("/do/sign-in", "identifier=&password=").status, 303);
    assert_eq!(trusting.get("/readyz").json()["redis"], "here");

    for (place, why) in [
        (redis.place("hunter2"), "an authority that nobody named is believed"),
        (redis.place("hunter3").with("REDIS_CA_FILE", &redis.authority()), "any password is right"),
    ] {
        let program = place.serve();
        program.logged("redis does not answer");
        assert_eq!(program.get("/readyz").json()["redis"], "away", "{why}");
        assert!(!program.log().contains("hunter"), "a password stands in the log: {}", program.log());
    }
    let outcome = redis.place("hunter2").with("REDIS_CA_FILE", "nothing.pem").run(&["serve"]);
    assert!(outcome.complaint().contains("redis_ca_file nothing.pem cannot be read"), "{outcome:?}");
}
