//! How much is looked at before another way is taken.

/// The bounds of a question. Far smaller ones send the questions of a small crowd along every way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Up to so many are sorted at once.
    pub few: i64,
    /// How many rows a walk with filters looks at: usually the first stride has enough of them.
    pub strides: [i64; 2],
    /// The first stride of a search without filters: of texts that one in fifty holds, it meets a page.
    pub first: i64,
    /// Up to so many may hold a text elsewhere than at the beginning of the name, where one goes along these names.
    pub others: i64,
    /// Up to so many are sorted where a walk met too few; of more, a page shows those whom the walk met and where to go on.
    pub many: i64,
    /// Where only looking at people tells whether they fulfil several things, so many are counted among.
    pub counted: i64,
}

impl Bounds {
    /// With a million people, whom a filter finds are either few, or one of two hundred at least: then the longer stride meets
    /// a page of them, unless they keep to the far end of the order.
    pub(super) const USUAL: Self = Self {
        few: 5_000,
        strides: [600, 12_000],
        first: 3_000,
        others: 1_000,
        many: 200_000,
        counted: 20_000,
    };
}
