//! Buttons in every tone, size and state, menus and dialogs.

use leptos::prelude::*;

use super::specimen::{Group, Specimen};
use crate::ui::{
    Button, ButtonKind, ButtonLink, ButtonSize, ButtonTone, Dialog, DialogActions, Icon, IconButton, Menu,
    MenuButton, MenuHeading, MenuLink, MenuRule, MenuSide, TextField,
};

#[component]
pub(super) fn Actions() -> impl IntoView {
    view! {
        <Group
            id="actions"
            title="Actions"
            text="Verbs on buttons. One primary in a view; red takes something away; the seal is for deciding and for \
                  nothing else."
        >
            <Specimen name="Button: tones" row=true>
                <Button kind=ButtonKind::Button>"Save profile"</Button>
                <Button kind=ButtonKind::Button tone=ButtonTone::Secondary>
                    "Send a reset link"
                </Button>
                <Button kind=ButtonKind::Button tone=ButtonTone::Quiet icon=Icon::ListFilter>
                    "Filter"
                </Button>
                <Button kind=ButtonKind::Button tone=ButtonTone::Danger>
                    "Suspend Maria"
                </Button>
                <Button kind=ButtonKind::Button tone=ButtonTone::Seal icon=Icon::Stamp>
                    "Approve"
                </Button>
            </Specimen>
            <div class="grid gap-6 sm:grid-cols-2">
                <Specimen name="Button: sizes" row=true>
                    <Button kind=ButtonKind::Button size=ButtonSize::Small icon=Icon::Plus>
                        "Small"
                    </Button>
                    <Button kind=ButtonKind::Button icon=Icon::Plus>
                        "Regular"
                    </Button>
                    <Button kind=ButtonKind::Button size=ButtonSize::Large icon=Icon::Plus>
                        "Large"
                    </Button>
                </Specimen>
                <Specimen name="Button: busy, disabled" row=true>
                    <Button kind=ButtonKind::Button busy=true>
                        "Signing in"
                    </Button>
                    <Button kind=ButtonKind::Button tone=ButtonTone::Secondary icon=Icon::Download busy=true>
                        "Exporting"
                    </Button>
                    <Button kind=ButtonKind::Button disabled=true>
                        "Save"
                    </Button>
                    <Button kind=ButtonKind::Button tone=ButtonTone::Secondary disabled=true>
                        "Save"
                    </Button>
                </Specimen>
                <Specimen name="ButtonLink" row=true>
                    <ButtonLink href="#actions" label="New person" icon=Icon::UserPlus />
                    <ButtonLink
                        href="#actions"
                        label="Next"
                        tone=ButtonTone::Secondary
                        icon_after=Icon::ChevronRight
                    />
                    <ButtonLink href="#actions" label="Continue with a provider of a long name" tone=ButtonTone::Secondary wraps=true />
                    <ButtonLink href="#actions" label="Edit" tone=ButtonTone::Secondary icon=Icon::Pencil compact=true />
                </Specimen>
                <Specimen name="IconButton, Menu" row=true>
                    <IconButton icon=Icon::Bell label="Notices" />
                    <IconButton icon=Icon::Settings label="Settings" tone=ButtonTone::Secondary />
                    <IconButton
                        icon=Icon::Ellipsis
                        label="Open a menu"
                        tone=ButtonTone::Secondary
                        opens_menu="gallery-menu"
                    />
                    <Menu id="gallery-menu" label="A menu" side=MenuSide::End>
                        <MenuHeading label="Maria Almeida" />
                        <MenuLink href="#actions" label="Open" icon=Icon::ArrowRight />
                        <MenuButton label="Unlock" icon=Icon::LockOpen shortcut="U" />
                        <MenuButton label="End all sessions" icon=Icon::LogOut disabled=true />
                        <MenuRule />
                        <MenuButton
                            label="Suspend Maria…"
                            icon=Icon::Ban
                            danger=true
                            opens_dialog="gallery-dialog"
                        />
                    </Menu>
                </Specimen>
            </div>
            <Specimen name="Dialog" row=true>
                <Button tone=ButtonTone::Secondary opens_dialog="gallery-dialog">
                    "Open a dialog"
                </Button>
            </Specimen>
            <Dialog
                id="gallery-dialog"
                title="Suspend Maria?"
                text="She is signed out everywhere at once and cannot sign in. Nothing is deleted, and you can lift it \
                      at any time."
            >
                <form class="grid gap-4" method="dialog">
                    <TextField
                        label="Reason"
                        name="reason"
                        id="gallery-reason"
                        optional=true
                        hint="Kept in the audit trail. Maria does not see it."
                    />
                    <DialogActions>
                        <Button tone=ButtonTone::Secondary closes_dialog="gallery-dialog">
                            "Keep her active"
                        </Button>
                        <Button tone=ButtonTone::Danger>"Suspend Maria"</Button>
                    </DialogActions>
                </form>
            </Dialog>
        </Group>
    }
}
