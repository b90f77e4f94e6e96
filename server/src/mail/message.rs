//! A letter as it goes over the wire. The same job makes the same bytes each time, so that a second try is recognised as
//! the same letter.

use super::Written;
use domain::{JobId, Timestamp};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use std::{
    error::Error,
    time::{Duration, UNIX_EPOCH},
};

/// Which job the letter belongs to and when that came up.
#[derive(Debug, Clone, Copy)]
pub struct Postmark {
    pub job: JobId,
    pub at: Timestamp,
}

/// The envelope, the headers and both parts. Only the address is taken from outside into a header, and only if it is one.
pub(super) fn compose(
    sender: &Mailbox,
    to: &str,
    letter: Written,
    postmark: Postmark,
) -> Result<Message, Box<dyn Error + Send + Sync>> {
    let Postmark { job, at } = postmark;
    let seconds = u64::try_from(at.seconds()).unwrap_or(0);
    let parts = MultiPart::alternative()
        .boundary(job.to_string())
        .singlepart(SinglePart::plain(letter.text))
        .singlepart(SinglePart::html(letter.html));
    let message = Message::builder()
        .from(sender.clone())
        .to(Mailbox::new(None, address(to)?))
        .subject(letter.subject)
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{job}@{}>", in_ascii(sender.email.domain()))))
        .header(AutoSubmitted)
        .header(NoAutomaticAnswers)
        .multipart(parts)?;
    Ok(message)
}

/// An address whose host is written in ASCII, so that only a mailbox with other letters needs a server that knows them.
fn address(to: &str) -> Result<Address, Box<dyn Error + Send + Sync>> {
    let address: Address = to.parse()?;
    if address.domain().is_ascii() {
        return Ok(address);
    }
    Ok(Address::new(address.user(), in_ascii(address.domain()))?)
}

fn in_ascii(host: &str) -> String {
    url::Host::parse(host).map_or_else(|_| "localhost".into(), |host| host.to_string())
}

/// Says that no person wrote this (RFC 3834), so that no machine answers it.
#[derive(Debug, Clone)]
struct AutoSubmitted;

/// The same for Exchange, which goes by a header of its own.
#[derive(Debug, Clone)]
struct NoAutomaticAnswers;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Header for NoAutomaticAnswers {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Auto-Response-Suppress")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "All".to_owned())
    }
}
