//! The component kit: plain components that draw on the server and in the browser alike, and hold no signals.
//!
//! Variants are enums whose classes are whole literal strings, so that Tailwind finds them. Pages place components and
//! give them words; colours, sizes and states are decided here and in `style/`. The `/ui` page shows all of it.

mod avatar;
mod badge;
mod breadcrumbs;
mod button;
mod card;
mod chart;
mod checkbox;
mod code_field;
mod copy_button;
mod cover;
mod cut_text;
mod dialog;
mod disclosure;
mod empty_state;
mod error_summary;
mod facts;
mod field;
mod filter;
mod frame;
mod icon;
mod key_cap;
mod mark;
mod menu;
mod moment;
mod navigation;
mod notice;
mod pagination;
mod password_field;
mod progress;
mod search_box;
mod section;
mod select;
mod skeleton;

mod table;
mod tabs;
mod text_field;
mod theme_switch;
mod tile;
mod timeline;
mod toast;
mod tone;

pub use avatar::{Avatar, AvatarSize};
pub use badge::{Badge, Dot};
pub use breadcrumbs::{BackLink, Breadcrumbs, Crumb};
pub use button::{Button, ButtonKind, ButtonLink, ButtonSize, ButtonTone, IconButton};
pub use card::Card;
pub use chart::{BarChart, BarSeries, Sparkline};
pub use checkbox::{Checkbox, Radio};
pub use code_field::CodeField;
pub use copy_button::{CopyAllButton, CopyButton, PrintButton};
pub use cover::Cover;
pub use cut_text::CutText;
pub use dialog::{Dialog, DialogActions};
pub use disclosure::Fold;
pub use empty_state::EmptyState;
pub use error_summary::{ErrorSummary, FieldProblem};
pub use facts::{Fact, Facts};
pub use filter::FilterChip;
pub use frame::{Frame, FramePerson, RoleChoice, SearchTrigger};
pub use icon::{Glyph, Icon};
pub use key_cap::{KeyCap, Shortcut};
pub use mark::{Mark, Wordmark};
pub use menu::{Menu, MenuButton, MenuHeading, MenuLink, MenuRule, MenuSide};
pub use moment::Moment;
pub use navigation::{NavGroup, NavItem};
pub use notice::Notice;
pub use pagination::Pagination;
pub use password_field::{PasswordField, PasswordPurpose};
pub use progress::{Progress, Spinner};
pub use search_box::SearchBox;
pub use section::Section;
pub use select::{Choice, Select};
pub use skeleton::{Skeleton, SkeletonRows};

pub use table::{Cell, CellKind, Column, Row, RowMenu, SelectionBar, Sort, Spare, Table};
pub use tabs::{Tab, Tabs};
pub use text_field::{InputKind, TextArea, TextField};
pub use theme_switch::ThemeSwitch;
pub use tile::{Tile, Tiles};
pub use timeline::{EventRow, Timeline, TimelineDay, TimelineItem};
pub use toast::{Toast, Toasts};
pub use tone::Tone;
