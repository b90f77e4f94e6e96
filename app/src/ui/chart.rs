//! Charts drawn on the server as SVG, each with a title, a description and a table behind it for screen readers.

use leptos::prelude::*;

use super::Tone;

/// One layer of a bar chart: a name and a value for each bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarSeries {
    pub name: String,
    pub tone: Tone,
    pub values: Vec<u64>,
}

impl BarSeries {
    pub fn new(name: impl Into<String>, tone: Tone, values: Vec<u64>) -> Self {
        Self { name: name.into(), tone, values }
    }
}

/// Width of one bar's place in the drawing's own units, and of the bar in it.
const PLACE: f64 = 10.0;
const BAR: f64 = 6.5;
/// Height of the drawing in its own units; the page stretches it.
const HEIGHT: f64 = 100.0;

/// Bars over time, one series stacked on the other. The head of its card should carry the legend if there are two.
#[component]
pub fn BarChart(
    /// One of its kind in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    /// What one sees in it, in a sentence or two.
    #[prop(into)]
    description: String,
    /// What each bar stands for, as "1 November".
    labels: Vec<String>,
    series: Vec<BarSeries>,
    /// Words along the foot, spread evenly.
    #[prop(optional)]
    marks: Vec<String>,
) -> impl IntoView {
    let totals = (0..labels.len()).map(|at| series.iter().filter_map(|one| one.values.get(at)).sum::<u64>());
    let top = round_up(totals.max().unwrap_or(0));
    let width = labels.len() as f64 * PLACE;
    let ids = format!("{id}-title {id}-text");
    let lines = [0.0, HEIGHT / 2.0, HEIGHT].map(|y| {
        view! { <line class="stroke-line" x1="0" x2=width y1=y y2=y vector-effect="non-scaling-stroke" /> }
    });
    let bars = labels
        .iter()
        .enumerate()
        .map(|(at, label)| view! { <g inner_html=bar(at, label, &series, top)></g> })
        .collect_view();
    let scale = [top, top / 2, 0].map(|value| view! { <span>{value}</span> });
    let marks = marks.into_iter().map(|mark| view! { <span>{mark}</span> }).collect_view();
    view! {
        <figure>
            <div class="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
                <div class="-my-2 flex flex-col justify-between text-end text-tiny text-ink-faint figures" aria-hidden="true">
                    {scale}
                </div>
                <svg
                    class="h-44 w-full overflow-visible"
                    viewBox=format!("0 0 {width} {HEIGHT}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-labelledby=ids
                >
                    <title id=format!("{id}-title")>{title.clone()}</title>
                    <desc id=format!("{id}-text")>{description}</desc>
                    {lines}
                    {bars}
                </svg>
                <div class="col-start-2 flex justify-between pt-2 text-tiny text-ink-faint" aria-hidden="true">
                    {marks}
                </div>
            </div>
            <DataBehind title=title labels=labels series=series />
        </figure>
    }
}

/// One bar as SVG text: its stacked parts, then a clear area over the whole height that carries the hover text.
fn bar(at: usize, label: &str, series: &[BarSeries], top: u64) -> String {
    let left = at as f64 * PLACE;
    let x = left + (PLACE - BAR) / 2.0;
    let mut foot = HEIGHT;
    let mut shapes = String::new();
    let mut words = Vec::new();
    for one in series {
        let value = one.values.get(at).copied().unwrap_or(0);
        words.push(format!("{value} {}", one.name.to_lowercase()));
        if value == 0 {
            continue;
        }
        let height = value as f64 / top as f64 * HEIGHT;
        foot -= height;
        let fill = fill(one.tone);
        shapes +=
            &format!(r#"<rect class="{fill}" x="{x}" y="{foot:.2}" width="{BAR}" height="{height:.2}"/>"#);
        // A hair of paper between two layers.
        foot -= 0.8;
    }
    let text = escape(&format!("{label}: {}", words.join(", ")));
    format!(
        r#"{shapes}<rect class="fill-transparent" x="{left}" width="{PLACE}" height="{HEIGHT}"><title>{text}</title></rect>"#
    )
}

/// A small line without axes, for a tile or a row.
#[component]
pub fn Sparkline(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(into)] description: String,
    values: Vec<u64>,
) -> impl IntoView {
    let line = line(&values);
    let last = values.len().saturating_sub(1) as f64 * PLACE;
    let width = last.max(PLACE);
    let area = format!("{line}V{HEIGHT}H0Z");
    let end =
        line.rsplit('L').next().map(|end| format!("M{}h0", end.trim_start_matches('M'))).unwrap_or_default();
    view! {
        <svg
            class="h-10 w-full overflow-visible"
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-labelledby=format!("{id}-title {id}-text")
        >
            <title id=format!("{id}-title")>{title}</title>
            <desc id=format!("{id}-text")>{description}</desc>
            <path class="fill-accent-wash" d=area />
            <path
                class="fill-none stroke-accent"
                d=line
                stroke-width="1.5"
                stroke-linejoin="round"
                vector-effect="non-scaling-stroke"
            />
            <path
                class="fill-none stroke-accent"
                d=end
                stroke-width="5"
                stroke-linecap="round"
                vector-effect="non-scaling-stroke"
            />
        </svg>
    }
}

/// The line through all values, from the foot to the top of the drawing.
fn line(values: &[u64]) -> String {
    let top = values.iter().copied().max().unwrap_or(0).max(1) as f64;
    let points = values
        .iter()
        .enumerate()
        .map(|(at, value)| format!("{} {:.1}", at as f64 * PLACE, HEIGHT - *value as f64 / top * HEIGHT))
        .collect::<Vec<_>>();
    format!("M{}", if points.is_empty() { format!("0 {HEIGHT}") } else { points.join("L") })
}

/// The numbers of a chart as a table that only screen readers meet.
#[component]
fn DataBehind(title: String, labels: Vec<String>, series: Vec<BarSeries>) -> impl IntoView {
    let heads = series.iter().map(|one| view! { <th scope="col">{one.name.clone()}</th> }).collect_view();
    let rows = labels
        .into_iter()
        .enumerate()
        .map(|(at, label)| {
            let cells = series
                .iter()
                .map(|one| view! { <td>{one.values.get(at).copied().unwrap_or(0)}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="sr-only">
            <table>
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

const fn fill(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "fill-accent-fill/80",
        Tone::Good => "fill-good",
        Tone::Warn => "fill-warn",
        Tone::Bad => "fill-bad-solid",
        Tone::Info => "fill-info",
        Tone::Seal => "fill-seal-fill",
    }
}

/// The next even number of two digits (and noughts), for the top of a scale: its half is a whole number too.
fn round_up(value: u64) -> u64 {
    let value = value.max(2);
    let step = 2 * 10_u64.pow(value.ilog10().saturating_sub(1));
    value.div_ceil(step) * step
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{BarSeries, bar, line, round_up};
    use crate::ui::Tone;

    #[test]
    fn scales_end_at_round_numbers() {
        assert_eq!([0, 2, 7, 11, 108, 350, 1001].map(round_up), [2, 2, 8, 12, 120, 360, 1200]);
    }

    #[test]
    fn a_line_reaches_from_foot_to_top() {
        assert_eq!(line(&[0, 5, 10]), "M0 100.0L10 50.0L20 0.0");
        assert_eq!(line(&[]), "M0 100");
    }

    #[test]
    fn labels_cannot_break_out_of_the_drawing() {
        let drawn = bar(0, "<script>", &[BarSeries::new("Sign-ins", Tone::Plain, vec![3])], 4);
        assert!(drawn.contains("&lt;script&gt;: 3 sign-ins") && !drawn.contains("<script>"));
    }
}
