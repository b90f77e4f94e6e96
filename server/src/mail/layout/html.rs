//! A letter as HTML, as plain as mail programs need it: one column in tables, styles in attributes, nothing loaded from
//! anywhere. The colours are those of `style/tokens.css`; where a program turns colours round by force, dark and light change
//! places and everything stays readable, for no picture and no colour carries a meaning of its own.

use crate::mail::words::{Button, Paragraph, Words};

const FACE: &str =
    "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const MONO: &str = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

/// What only a style sheet can say: the dark colours, and the narrow screen. Programs that drop it show the light letter.
const STYLE: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{-webkit-text-size-adjust:100%;text-size-adjust:100%}
@media (max-width:480px){.sheet{padding:24px 20px!important}.edge{padding-left:8px!important;padding-right:8px!important}}
@media (prefers-color-scheme:dark){
.desk{background-color:#0b0c10!important}
.sheet{background-color:#17191d!important;border-color:#292b30!important}
.ink{color:#ecebe8!important}
.soft{color:#b8bac0!important}
.faint{color:#979aa0!important}
.link{color:#94b4f5!important}
.seal{color:#f78164!important;border-color:#f78164!important}
.wash{background-color:#21242a!important;border-color:#292b30!important}
.button{background-color:#4571d4!important;border-color:#4571d4!important;color:#ffffff!important}
}";

pub fn lay_out(words: &Words, public_url: &str) -> String {
    let subject = escape(&words.subject);
    let small_print = escape(&words.small_print);
    let paragraphs: String = words
        .paragraphs
        .iter()
        .enumerate()
        .map(|(number, paragraph)| {
            // What ends the sheet leaves the room below it to the sheet.
            let is_last = number + 1 == words.paragraphs.len() && words.button.is_none();
            draw(paragraph, if is_last { 0 } else { 16 })
        })
        .collect();
    let button = words.button.as_ref().map(button).unwrap_or_default();
    format!(
        r##"<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>{subject}</title>
<style>
{STYLE}
</style>
</head>
<body class="desk" style="margin:0;padding:0;background-color:#f4f3f0">
<table role="presentation" class="desk" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f3f0" style="background-color:#f4f3f0">
<tr><td class="edge" align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;text-align:left">
<tr><td style="padding:0 4px 16px">{mark}</td></tr>
<tr><td class="sheet" bgcolor="#ffffff" style="padding:32px;background-color:#ffffff;border:1px solid #e1e0dc;border-radius:10px">
<h1 class="ink" style="margin:0 0 20px;{FACE};font-size:20px;line-height:28px;font-weight:600;letter-spacing:-0.2px;color:#1b1f29">{subject}</h1>
<p class="ink" style="margin:0 0 16px;{FACE};font-size:16px;line-height:24px;color:#1b1f29">{greeting}</p>
{paragraphs}{button}</td></tr>
<tr><td style="padding:16px 4px 0">
<p class="faint" style="margin:0 0 8px;{FACE};font-size:13px;line-height:20px;color:#62666e">{small_print}</p>
<p class="faint" style="margin:0;{FACE};font-size:13px;line-height:20px;color:#62666e">Countersign, <a class="faint" href="{home}" style="color:#62666e;text-decoration:underline;word-break:break-word">{home}</a></p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"##,
        mark = mark(),
        greeting = escape(&words.greeting),
        home = escape(public_url),
    )
}

/// The name of the product with a check in a ring, drawn with a border and a character.
fn mark() -> String {
    format!(
        r#"<span class="seal" aria-hidden="true" style="display:inline-block;width:20px;height:20px;border:2px solid #c32d0d;border-radius:50%;{FACE};font-size:13px;line-height:20px;font-weight:700;text-align:center;vertical-align:middle;color:#c32d0d">&#10003;</span><span class="ink" style="padding-left:8px;{FACE};font-size:16px;line-height:24px;font-weight:600;letter-spacing:-0.2px;vertical-align:middle;color:#1b1f29">Countersign</span>"#
    )
}

fn draw(paragraph: &Paragraph, below: u8) -> String {
    match paragraph {
        Paragraph::Sentences(sentences) => format!(
            "<p class=\"ink\" style=\"margin:0 0 {below}px;{FACE};font-size:16px;line-height:24px;color:#1b1f29;word-break:break-word\">{}</p>\n",
            escape(sentences)
        ),
        Paragraph::Facts(facts) => {
            let rows: String = facts.iter().map(|(name, value)| fact(name, value)).collect();
            format!(
                "<table role=\"presentation\" class=\"wash\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" bgcolor=\"#f4f5f8\" \
                 style=\"margin:0 0 {below}px;background-color:#f4f5f8;border:1px solid #e1e0dc;border-radius:6px\"><tr><td style=\"padding:12px 16px\">\n{rows}</td></tr></table>\n"
            )
        }
        Paragraph::Code(code) => format!(
            "<p class=\"ink\" style=\"margin:0 0 8px;{FACE};font-size:16px;line-height:24px;color:#1b1f29\">Your code is</p>\n\
             <table role=\"presentation\" class=\"wash\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" bgcolor=\"#f4f5f8\" \
             style=\"margin:0 0 {below}px;background-color:#f4f5f8;border:1px solid #e1e0dc;border-radius:6px\"><tr>\
             <td class=\"ink\" align=\"center\" style=\"padding:16px 10px 16px 16px;{MONO};font-size:32px;line-height:40px;font-weight:600;letter-spacing:6px;color:#1b1f29\">{}</td></tr></table>\n",
            escape(code)
        ),
    }
}

fn fact(name: &str, value: &str) -> String {
    format!(
        "<p class=\"soft\" style=\"margin:0;{FACE};font-size:15px;line-height:24px;color:#484d57;word-break:break-word\">{name}: <span class=\"ink\" style=\"color:#1b1f29\">{}</span></p>\n",
        escape(value)
    )
}

/// The button, and its link as words beneath: whoever mistrusts buttons, or whose program shows none, reads where it leads.
fn button(button: &Button) -> String {
    let (label, link) = (escape(button.label), escape(&button.link));
    format!(
        r##"<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 20px"><tr><td class="button" bgcolor="#21459d" style="border-radius:6px;background-color:#21459d">
<a class="button" href="{link}" style="display:inline-block;padding:11px 20px;border:1px solid #21459d;border-radius:6px;background-color:#21459d;{FACE};font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none">{label}</a></td></tr></table>
<p class="soft" style="margin:0;{FACE};font-size:13px;line-height:20px;color:#484d57">Or open this address:<br>
<a class="link" href="{link}" style="color:#2850b0;text-decoration:underline;word-break:break-word">{link}</a></p>
"##
    )
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Everything else as a number, so that a mail server of the old kind cannot garble it.
            c if !c.is_ascii() => safe.push_str(&format!("&#{};", u32::from(c))),
            c => safe.push(c),
        }
    }
    safe
}
