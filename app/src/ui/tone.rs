//! The six tones in which something can be said, shared by badges, notices, toasts and tiles.

/// What kind of news a piece of interface brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad: a category, a count.
    #[default]
    Plain,
    /// Done, healthy, allowed.
    Good,
    /// Needs an eye before long.
    Warn,
    /// Failed, locked, refused.
    Bad,
    /// Worth knowing, nothing to do.
    Info,
    /// A decision was made or is asked for. Nothing else.
    Seal,
}

impl Tone {
    /// All tones, for the page that shows them.
    pub const ALL: [Tone; 6] = [Tone::Plain, Tone::Good, Tone::Warn, Tone::Bad, Tone::Info, Tone::Seal];

    /// The colour of words in this tone.
    pub const fn text(self) -> &'static str {
        match self {
            Tone::Plain => "text-ink-soft",
            Tone::Good => "text-good",
            Tone::Warn => "text-warn",
            Tone::Bad => "text-bad",
            Tone::Info => "text-info",
            Tone::Seal => "text-seal",
        }
    }

    /// Fill and border of a surface in this tone.
    pub const fn surface(self) -> &'static str {
        match self {
            Tone::Plain => "border-line bg-desk",
            Tone::Good => "border-good-line bg-good-fill",
            Tone::Warn => "border-warn-line bg-warn-fill",
            Tone::Bad => "border-bad-line bg-bad-fill",
            Tone::Info => "border-info-line bg-info-fill",
            Tone::Seal => "border-transparent bg-seal-wash",
        }
    }

    /// A small solid sign: a dot, a swatch.
    pub const fn solid(self) -> &'static str {
        match self {
            Tone::Plain => "bg-line-strong",
            Tone::Good => "bg-good",
            Tone::Warn => "bg-warn",
            Tone::Bad => "bg-bad",
            Tone::Info => "bg-info",
            Tone::Seal => "bg-seal",
        }
    }
}
