//! The machine that measures: what it is, how busy it is with other things, and what a process costs it.

use anyhow::{Context, Result};
use std::fs;

/// How many ticks of processor time Linux counts in a second; fixed for what /proc shows.
const TICKS: f64 = 100.0;

/// What the figures depend on. No names, no addresses.
#[derive(Debug, Clone)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory: u64,
    pub kernel: String,
    pub date: String,
    /// How many processes wanted to run in the minute before the first measurement.
    pub load_before: f64,
}

impl Machine {
    pub fn look() -> Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo")?;
        let model = processors
            .lines()
            .find_map(|line| line.strip_prefix("model name").and_then(|rest| rest.split_once(": ")));
        let memory = fs::read_to_string("/proc/meminfo")?;
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
        Ok(Self {
            processor: model.map_or("unknown processor", |(_, name)| name).to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: line_in_kib(&memory, "MemTotal:").unwrap_or(0),
            kernel: kernel.trim().split('-').next().unwrap_or_default().to_owned(),
            date: today(),
            load_before: load()?,
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "the table bears the day on which it was measured")]
fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// How many processes wanted to run in the last minute.
pub fn load() -> Result<f64> {
    let text = fs::read_to_string("/proc/loadavg")?;
    text.split(' ').next().and_then(|number| number.parse().ok()).context("the load cannot be read")
}

/// The memory of a process that is really there, in bytes.
pub fn resident(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    line_in_kib(&status, "VmRSS:").context("the process tells no memory")
}

/// The most memory that a process ever held, in bytes.
pub fn resident_at_most(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    line_in_kib(&status, "VmHWM:").context("the process tells no memory")
}

/// The processor time that a process has used, in seconds.
pub fn processor_time(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name stands in parentheses and may hold anything, so counting begins behind it.
    let (_, rest) = text.rsplit_once(')').context("the process tells no time")?;
    let ticks: f64 =
        rest.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS)
}

/// The processor time that all processes together have used, in seconds, without what a virtual machine was not given.
pub fn processor_time_of_all() -> Result<f64> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("the machine tells no time")?;
    let times: Vec<f64> = line.split_whitespace().skip(1).filter_map(|ticks| ticks.parse().ok()).collect();
    // user, nice, system, then idle and waiting (not counted), interrupts.
    let busy = [0, 1, 2, 5, 6].iter().filter_map(|place: &usize| times.get(*place)).sum::<f64>();
    Ok(busy / TICKS)
}

fn line_in_kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}
