//! What pages are made of: badges, faces, cards, facts, figures, charts, what happened.

use leptos::prelude::*;

use super::specimen::{Group, Specimen};
use crate::ui::{
    Avatar, AvatarSize, Badge, BarChart, BarSeries, Card, Dot, EventRow, Fact, Facts, Icon, Moment,
    Sparkline, Tile, Tiles, Timeline, TimelineDay, TimelineItem, Tone,
};

const SIGN_INS: [u64; 30] = [
    61, 74, 70, 22, 18, 79, 82, 77, 85, 80, 26, 21, 88, 91, 84, 79, 93, 31, 24, 96, 90, 99, 87, 94, 33, 28,
    101, 97, 108, 64,
];
const FAILURES: [u64; 30] =
    [2, 3, 1, 0, 1, 4, 2, 3, 2, 5, 1, 0, 3, 2, 4, 2, 3, 1, 0, 3, 12, 4, 2, 3, 1, 1, 4, 3, 5, 7];

#[component]
pub(super) fn Content() -> impl IntoView {
    let names = [
        "Adaeze Okonkwo",
        "Ben Achterberg",
        "Charlotte Dubois",
        "Eleni Papadopoulou",
        "Wu Lan",
        "Maria Almeida",
    ];
    let faces = names.map(|name| view! { <Avatar name=name size=AvatarSize::List /> });
    let badges = Tone::ALL.map(|tone| view! { <Badge label=format!("{tone:?}") tone=tone /> });
    view! {
        <Group
            id="blocks"
            title="Content"
            text="Hairlines rather than shadows. What is usual stays quiet, what stands out gets a box. Every figure leads \
                  to what it counts."
        >
            <div class="grid gap-6 sm:grid-cols-2">
                <Specimen name="Badge, Dot" row=true>
                    {badges} <Badge label="Locked" tone=Tone::Bad icon=Icon::Lock /> <Dot label="Active" />
                    <Dot label="Away" tone=Tone::Warn />
                </Specimen>
                <Specimen name="Avatar" row=true>
                    <Avatar name="Maria Almeida" size=AvatarSize::Head />
                    {faces}
                    <Avatar name="Wu" />
                </Specimen>
            </div>
            <Specimen name="Tiles, Tile">
                <Tiles>
                    <Tile label="People" figure="1,284" note="1,201 active" href="#content" />
                    <Tile label="New this week" figure="12" note="4 more than last week" href="#content" />
                    <Tile label="Locked" figure="2" note="oldest since 08:12" href="#content" tone=Tone::Bad />
                    <Tile label="Without a second factor" figure="31" note="2.4% of people" href="#content" />
                </Tiles>
            </Specimen>
            <div class="grid gap-6 lg:grid-cols-2">
                <Specimen name="Card, BarChart">
                    <Card title="Sign-ins, last 30 days" aside=legend()>
                        <BarChart
                            id="gallery-bars"
                            title="Sign-ins per day"
                            description="Between 18 and 108 a day; weekends are quiet."
                            labels=(1..=30).map(|day| format!("{day} November")).collect()
                            series=vec![
                                BarSeries::new("Succeeded", Tone::Plain, SIGN_INS.to_vec()),
                                BarSeries::new("Failed", Tone::Bad, FAILURES.to_vec()),
                            ]
                            marks=vec!["1 Nov".into(), "11 Nov".into(), "21 Nov".into(), "Today".into()]
                        />
                    </Card>
                    <Card>
                        <p class="pb-2 text-label text-ink-soft">"Sparkline"</p>
                        <Sparkline
                            id="gallery-line"
                            title="Sign-ins per day"
                            description="Rising slowly, with quiet weekends."
                            values=SIGN_INS.to_vec()
                        />
                    </Card>
                    <Card title="Details">
                        <Facts>
                            <Fact name="Full name">"Adaeze Okonkwo-Featherstonehaugh"</Fact>
                            <Fact name="Roles">
                                <span class="flex flex-wrap gap-1.5">
                                    <Badge label="Staff" />
                                    <Badge label="Approver, finance" />
                                </span>
                            </Fact>
                            <Fact name="Member since">"3 March 2024"</Fact>
                        </Facts>
                    </Card>
                </Specimen>
                <Specimen name="Timeline, EventRow">
                    <Card title="What happened">
                        <Timeline>
                            <TimelineDay title="Today">
                                <TimelineItem icon=Icon::Lock tone=Tone::Bad at=at("08:12")>
                                    "Locked after 5 wrong passwords"
                                </TimelineItem>
                                <TimelineItem icon=Icon::LogIn at=at("07:44")>
                                    "Signed in from Porto with Firefox on Linux"
                                </TimelineItem>
                            </TimelineDay>
                            <TimelineDay title="Yesterday">
                                <TimelineItem icon=Icon::Stamp tone=Tone::Seal at=at("11:20")>
                                    "Approved version 2 of Hall rental 2027 for Finance, 14 minutes after she was asked"
                                </TimelineItem>
                            </TimelineDay>
                        </Timeline>
                    </Card>
                    <Card title="What happened lately" flush=true>
                        <ul class="divide-y divide-line">
                            <EventRow actor="Maria Almeida" at=at("12 min ago")>
                                "You created Jonas Lindqvist as Staff"
                            </EventRow>
                            <EventRow icon=Icon::Server at=at("Yesterday")>
                                "Countersign brought its database up to date"
                            </EventRow>
                        </ul>
                    </Card>
                </Specimen>
            </div>
        </Group>
    }
}

fn at(label: &'static str) -> AnyView {
    view! { <Moment label=label datetime="2026-11-20T08:12:00Z" exact="20 November 2026, 08:12" /> }
        .into_any()
}

fn legend() -> AnyView {
    view! {
        <ul class="flex gap-3 text-label text-ink-soft">
            <li class="flex items-center gap-1.5">
                <span class="size-2 rounded-[2px] bg-accent-fill/80"></span>
                "Succeeded"
            </li>
            <li class="flex items-center gap-1.5">
                <span class="size-2 rounded-[2px] bg-bad-solid"></span>
                "Failed"
            </li>
        </ul>
    }
    .into_any()
}
