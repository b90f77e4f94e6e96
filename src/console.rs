//! What the program says on the console. Standard output is for results, standard error for logs.

use server::demo::DemoAccount;
use std::io::{IsTerminal, Write, stdout};

/// Writes a line of a result. A reader that has gone away (`… | head`) is no error.
pub fn say(line: impl std::fmt::Display) {
    let _ = writeln!(stdout(), "{line}");
}

/// The table that greets whoever starts the demo.
pub fn greet(address: &str, accounts: &[DemoAccount]) {
    let (bold, plain) = if stdout().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let width = accounts.iter().map(|account| account.full_name.chars().count()).max().unwrap_or(0);
    say("");
    say(format_args!("  {bold}Countersign{plain} is running at {bold}{address}{plain}"));
    if !accounts.is_empty() {
        say("");
        say("  Demo accounts (made for this data folder; the sign-in page shows them too)");
        say("");
        for DemoAccount { username, password, role, full_name } in accounts {
            say(format_args!("    {username:<8} {password}   {full_name:<width$}   {role}"));
        }
    }
    say("");
    say("  Stop with Ctrl-C.");
    say("");
}
