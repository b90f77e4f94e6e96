//! `/audit`: what happened here, for those who may read the trail.

use super::{
    actions::VerifyTrail,
    export,
    filter::{TrailFilter, address, read},
    meant::{DidYouMean, Meant, look_up},
    proof::ProofNotice,
    rows::TrailRows,
};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    page::draw,
    ui::{Button, ButtonLink, ButtonTone, Icon, Pagination},
};
use domain::{FieldErrors, Permission, listing::PageSize};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    Error,
    audit::{Page, Part, TrailForm, export::Shape},
};

/// `/audit`
#[component]
pub fn AuditPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        let visible = actor.sees_trail()?;
        let audit = visit.backend.audit.clone();
        let form = read(|name| visit.parameter(name));
        // A place in the list that is not ours begins with the newest.
        let part = visit.parameter("page").and_then(|text| Part::parse(&text)).unwrap_or(Part::Newest);
        let (page, errors) = match audit.read(&visible, &form).await {
            Ok(query) => {
                let page = audit.find(&visible, &query, part, PageSize::default()).await?;
                (Some(page), FieldErrors::default())
            }
            Err(Error::Invalid(errors)) => {
                visit.set_status(&Error::Invalid(errors.clone()));
                (None, errors)
            }
            Err(error) => return Err(error),
        };
        let actions = audit.actions(&visible).await?;
        let (proof, now) = (audit.proof(), visit.backend.ground.clock.now());
        let around = Surroundings::of(&visit).await?;
        let sees_people = actor.has(Permission::UsersView);
        let here = visit.address.clone();
        let is_filtered = !form.is_empty();
        let meant = look_up(&visit, &form, &errors).await?;
        // Where it is told whom a name may mean, that says what is wrong with it as well.
        let told: Vec<&str> = meant.iter().map(Meant::field).collect();
        let wrong = Flash { errors: errors.besides(&told), ..Flash::default() }.summary();
        let meant =
            meant.into_iter().map(|meant| view! { <DidYouMean meant form=form.clone() /> }).collect_view();
        let list = page.map(|page| {
            let pages = pages(&form, &page);
            view! {
                <TrailRows entries=page.entries now is_filtered sees_people />
                {pages}
            }
        });
        Ok(view! {
            <Framed around place="/audit" title="Audit trail" count=None>
                <div class="mx-auto grid max-w-[72rem] gap-5">
                    <ProofNotice proof now here=here.clone() />
                    <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
                        <p class="max-w-[34rem] flex-1 basis-80 text-ink-soft text-pretty">
                            "Everything that people and programs did here. Each entry is sealed to the one before it, so nobody can change or remove one unnoticed. People are called here what they are called today."
                        </p>
                        <Ways form=form.clone() here />
                    </div>
                    {wrong}
                    {meant}
                    <TrailFilter form errors actions sees_people />
                    {list}
                </div>
            </Framed>
        })
    })
}

/// Proving the chain, and taking along what is shown.
#[component]
fn Ways(form: TrailForm, here: String) -> impl IntoView {
    let [csv, json] = [Shape::Csv, Shape::Json].map(|shape| export::address(&form, shape));
    view! {
        <div class="flex flex-wrap gap-2">
            <form method="post" action=VerifyTrail::PATH>
                <input type="hidden" name="back_to" value=here />
                <Button tone=ButtonTone::Secondary icon=Icon::ShieldCheck>"Verify the chain"</Button>
            </form>
            <ButtonLink href=csv label="Export CSV" tone=ButtonTone::Secondary icon=Icon::Download />
            <ButtonLink href=json label="Export JSON" tone=ButtonTone::Secondary icon=Icon::Download />
        </div>
    }
}

fn pages(form: &TrailForm, page: &Page) -> Option<AnyView> {
    let there = |part: Part| address(form, &format!("page={part}"));
    let (newer, older) = (page.newer.map(there), page.older.map(there));
    let has_pages = newer.is_some() || older.is_some();
    has_pages.then(|| {
        view! { <Pagination summary="The newest come first" previous=newer next=older /> }.into_any()
    })
}
