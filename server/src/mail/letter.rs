//! The letters there are and their words, in plain text and in HTML of the same look.

use serde::{Deserialize, Serialize};

/// A letter, with what fills its gaps. Kept in the outbox as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Letter {
    AccountCreated { to: String, full_name: String, username: String },
}

/// A letter with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    pub fn to(&self) -> &str {
        match self {
            Self::AccountCreated { to, .. } => to,
        }
    }

    /// Puts the letter into words. Links begin with the public address from the configuration and nothing else.
    pub fn write(&self, public_url: &str) -> Written {
        match self {
            Self::AccountCreated { full_name, username, .. } => lay_out(
                "Your Countersign account is ready",
                &[
                    format!("Hello {full_name},"),
                    format!(
                        "an account was made for you. Your username is {username}; whoever made the account gives you your password."
                    ),
                ],
                ("Sign in", &format!("{public_url}/login")),
                "If you did not expect this letter, tell the person who looks after your accounts.",
            ),
        }
    }
}

/// One column, one button, and the same words as plain text.
fn lay_out(subject: &str, paragraphs: &[String], (button, link): (&str, &str), footer: &str) -> Written {
    let text = format!("{}\n\n{button}: {link}\n\n-- \n{footer}\n", paragraphs.join("\n\n"));
    let body: String = paragraphs
        .iter()
        .map(|words| format!("<p style=\"margin:0 0 16px\">{}</p>", escape(words)))
        .collect();
    let html = format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body style="margin:0;padding:32px 16px;font:16px/24px system-ui,sans-serif"><div style="max-width:520px;margin:0 auto">
<p style="margin:0 0 24px;font-weight:600">Countersign</p>{body}
<p style="margin:24px 0"><a href="{link}" style="display:inline-block;padding:10px 20px;border-radius:6px;background:#2f4b8f;color:#ffffff;text-decoration:none">{button}</a></p>
<p style="margin:32px 0 0;font-size:13px;line-height:20px;opacity:.75">{footer}</p></div></body></html>"#,
        title = escape(subject),
        link = escape(link),
        button = escape(button),
        footer = escape(footer),
    );
    Written { subject: subject.to_owned(), text, html }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_bring_html_into_a_letter() {
        let letter = Letter::AccountCreated {
            to: "a@example.com".into(),
            full_name: "<b>Bo</b>".into(),
            username: "bo".into(),
        };
        let written = letter.write("https://c.example");
        assert!(written.html.contains("&lt;b&gt;Bo&lt;/b&gt;") && !written.html.contains("<b>Bo"));
        assert!(written.text.contains("Sign in: https://c.example/login"));
    }
}
