//! What a page says back: notices, toasts, emptiness, and the shapes of what is coming.

use leptos::prelude::*;

use super::specimen::{Group, Specimen};
use crate::ui::{
    Button, ButtonKind, ButtonLink, ButtonSize, ButtonTone, Card, EmptyState, Icon, Notice, Progress,
    SkeletonRows, Toast, Tone,
};

#[component]
pub(super) fn Messages() -> impl IntoView {
    let unlock = view! {
        <Button kind=ButtonKind::Button tone=ButtonTone::Secondary size=ButtonSize::Small icon=Icon::LockOpen>
            "Unlock now"
        </Button>
    };
    view! {
        <Group
            id="messages"
            title="Messages and waiting"
            text="Short, warm, exact: what happened, what it means, what to do. Waiting shows nothing for the first \
                  300 ms."
        >
            <Specimen name="Notice">
                <Notice
                    tone=Tone::Bad
                    icon=Icon::Lock
                    title="Locked after 5 wrong passwords"
                    action=unlock.into_any()
                >
                    "Since 08:12 today. It opens by itself at 08:27."
                </Notice>
                <Notice tone=Tone::Warn icon=Icon::TriangleAlert title="Sessions are kept in memory">
                    "The session store is away. Sign-ins last an hour until it is back."
                </Notice>
                <Notice tone=Tone::Good icon=Icon::CircleCheck title="Your e-mail address is verified">
                    "You can sign in now."
                </Notice>
                <Notice icon=Icon::Info title="Two people are looking at this page">
                    "Changes appear when you reload."
                </Notice>
            </Specimen>
            <div class="grid gap-6 sm:grid-cols-2">
                <Specimen name="Toast">
                    <Toast message="Maria is suspended and signed out everywhere." />
                    <Toast tone=Tone::Bad message="Nothing was saved: Ben changed the same person a moment ago." />
                    <Toast tone=Tone::Info message="A new version is being read." />
                </Specimen>
                <Specimen name="Progress, SkeletonRows">
                    <Progress label="Importing people" value=62 />
                    <Progress label="Working" />
                    <Card flush=true>
                        <SkeletonRows rows=2 />
                    </Card>
                </Specimen>
            </div>
            <Specimen name="EmptyState">
                <EmptyState
                    icon=Icon::Users
                    title="No users found"
                    text="Nobody matches “xylophone” with these filters. Part of a name is enough, accents do not matter."
                >
                    <ButtonLink href="#messages" label="Clear search and filters" tone=ButtonTone::Secondary />
                </EmptyState>
            </Specimen>
        </Group>
    }
}
