//! A letter as plain text. Paragraphs are single lines, which every mail program wraps to the width it has.

use crate::mail::words::{Paragraph, Words};

pub fn lay_out(words: &Words, public_url: &str) -> String {
    let mut blocks = vec![words.greeting.clone()];
    blocks.extend(words.paragraphs.iter().map(paragraph));
    if let Some(button) = &words.button {
        blocks.push(format!("{}:\n{}", button.label, button.link));
    }
    // Two dashes and a space begin what mail programs show as a signature.
    blocks.push(format!("-- \n{}\nCountersign, {public_url}\n", words.small_print));
    blocks.join("\n\n")
}

fn paragraph(paragraph: &Paragraph) -> String {
    match paragraph {
        Paragraph::Sentences(sentences) => sentences.clone(),
        Paragraph::Facts(facts) => {
            let lines: Vec<String> = facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            lines.join("\n")
        }
        Paragraph::Code(code) => format!("Your code is {code}"),
    }
}
