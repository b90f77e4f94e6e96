//! What is read as a filter, what is refused, and that no text whatever does more than that.

use super::{Attribute, Filter, Literal, Operator, Path, fulfils};
use proptest::prelude::*;
use serde_json::json;

fn attribute(name: &str, part: Option<&str>) -> Attribute {
    Attribute { name: name.into(), part: part.map(str::to_owned) }
}

fn is(name: &str, value: &str) -> Filter {
    Filter::Test(attribute(name, None), Operator::Equal, Literal::Text(value.into()))
}

#[test]
fn u6_a_comparison_is_read() {
    assert_eq!(Filter::parse(r#"userName eq "maria""#), Ok(is("username", "maria")));
    assert_eq!(Filter::parse(r#"  USERNAME   EQ "maria"  "#), Ok(is("username", "maria")));
    let with_schema = r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "maria""#;
    assert_eq!(Filter::parse(with_schema), Ok(is("username", "maria")));
    assert_eq!(Filter::parse(r#"a eq "say \"é\" ) and (""#), Ok(is("a", "say \"é\" ) and (")));
    assert_eq!(Filter::parse("title pr"), Ok(Filter::Present(attribute("title", None))));
    assert_eq!(Filter::parse("not pr"), Ok(Filter::Present(attribute("not", None))));
    for (text, value) in [
        ("true", Literal::Flag(true)),
        ("False", Literal::Flag(false)),
        ("null", Literal::Null),
        ("-1.5", Literal::Number(-1.5)),
    ] {
        let read = Filter::parse(&format!("name.formatted ne {text}"));
        assert_eq!(read, Ok(Filter::Test(attribute("name", Some("formatted")), Operator::NotEqual, value)));
    }
}

#[test]
fn u6_and_binds_more_than_or_and_not_most() {
    let (a, b, c) = (is("a", "1"), is("b", "2"), is("c", "3"));
    let text = r#"a eq "1" or b eq "2" and c eq "3""#;
    assert_eq!(
        Filter::parse(text),
        Ok(Filter::Any(vec![a.clone(), Filter::All(vec![b.clone(), c.clone()])]))
    );
    let text = r#"(a eq "1" or b eq "2") AND not(c eq "3")"#;
    let either = Filter::Any(vec![a.clone(), b.clone()]);
    assert_eq!(Filter::parse(text), Ok(Filter::All(vec![either, Filter::Not(Box::new(c))])));
    let text = r#"emails[type eq "1" and value eq "2"] or a eq "1""#;
    let both = Filter::All(vec![is("type", "1"), is("value", "2")]);
    let among = Filter::Among(attribute("emails", None), Box::new(both));
    assert_eq!(Filter::parse(text), Ok(Filter::Any(vec![among, a])));
}

#[test]
fn u6_what_is_no_filter_is_refused() {
    let (deep, deeper) = (nested(9), nested(10));
    assert!(Filter::parse(&deep).is_ok());
    let many = vec!["a pr"; 51].join(" or ");
    assert!(Filter::parse(&vec!["a pr"; 50].join(" or ")).is_ok());
    let long = format!(r#"a eq "{}""#, "x".repeat(2_000));
    let abyss = "(".repeat(1_999);
    for wrong in [
        "",
        " ",
        "eq",
        "a",
        "a eq",
        "a eq b",
        "a == \"b\"",
        "a eq \"b",
        "a eq \"b\" and",
        "a eq \"b\" c pr",
        "and a pr",
        "(a pr",
        "a pr)",
        "()",
        "a eq 'b'",
        "a eq \"\\ud800\"",
        "a eq \"\\u0000\"",
        "a eq nan",
        "a eq inf",
        ".a pr",
        "a. pr",
        "a..b pr",
        "a.b.c pr",
        "é pr",
        "a[b pr",
        "a[b pr].c eq 1",
        "a[]",
        "a[b[c pr]]",
        "1 eq 1",
        "a xx \"b\"",
        "urn:ietf:params:scim:schemas:core:2.0:User eq 1",
        "a\teq\t1",
        "a eq 1;drop table",
        &deeper,
        &many,
        &long,
        &abyss,
    ] {
        let shown: String = wrong.chars().take(60).collect();
        assert!(Filter::parse(wrong).is_err(), "{shown:?} was taken");
    }
}

fn nested(depth: usize) -> String {
    format!("{}a pr{}", "(".repeat(depth), ")".repeat(depth))
}

#[test]
fn u6_a_path_names_an_attribute_a_value_and_a_part() {
    let path = |name: &str, among: Option<Filter>, part: Option<&str>| Path {
        name: name.into(),
        among,
        part: part.map(str::to_owned),
    };
    for (text, expected) in [
        ("userName", path("username", None, None)),
        ("name.givenName", path("name", None, Some("givenname"))),
        ("emails[type eq \"work\"].value", path("emails", Some(is("type", "work")), Some("value"))),
        ("emails[type eq \"work\"]", path("emails", Some(is("type", "work")), None)),
        ("urn:ietf:params:scim:schemas:core:2.0:User:active", path("active", None, None)),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:department", None, None),
        ),
    ] {
        assert_eq!(Path::parse(text), Ok(expected), "{text}");
    }
    for wrong in [
        "",
        "emails[",
        "emails[type eq]",
        "emails[type eq \"work\"]value",
        "a.b[c pr].d",
        "a b",
        "emails[type eq \"work\"]..value",
    ] {
        assert!(Path::parse(wrong).is_err(), "{wrong:?} was taken");
    }
}

#[test]
fn u6_a_value_is_told_by_its_parts_whatever_their_case() {
    let work = json!({ "type": "work", "value": "Ada@Example.com", "primary": true });
    for (text, expected) in [
        (r#"type eq "WORK""#, true),
        (r#"primary eq "True""#, true),
        ("primary eq true and type ne \"home\"", true),
        (r#"value co "@example" or type eq "home""#, true),
        (r#"value sw "ada" and value ew ".COM""#, true),
        (r#"not (type eq "work")"#, false),
        ("display pr", false),
        ("display eq null", true),
        ("value gt \"a\"", false),
    ] {
        assert_eq!(fulfils(&work, &Filter::parse(text).unwrap()), expected, "{text}");
    }
}

/// A filter written out, so that reading it must give it back.
fn written(filter: &Filter) -> String {
    let name = |attribute: &Attribute| match &attribute.part {
        Some(part) => format!("{}.{part}", attribute.name),
        None => attribute.name.clone(),
    };
    let joined = |filters: &[Filter], word: &str| {
        filters.iter().map(|filter| format!("({})", written(filter))).collect::<Vec<_>>().join(word)
    };
    match filter {
        Filter::All(filters) => joined(filters, " and "),
        Filter::Any(filters) => joined(filters, " or "),
        Filter::Not(filter) => format!("not ({})", written(filter)),
        Filter::Present(attribute) => format!("{} pr", name(attribute)),
        Filter::Among(attribute, filter) => format!("{}[{}]", name(attribute), written(filter)),
        Filter::Test(attribute, operator, literal) => {
            let operator = match operator {
                Operator::Equal => "eq",
                Operator::NotEqual => "ne",
                Operator::Contains => "co",
                Operator::Begins => "sw",
                Operator::Ends => "ew",
                Operator::Greater => "gt",
                Operator::GreaterOrEqual => "ge",
                Operator::Less => "lt",
                Operator::LessOrEqual => "le",
            };
            let literal = match literal {
                Literal::Text(text) => json!(text).to_string(),
                Literal::Flag(flag) => flag.to_string(),
                Literal::Number(number) => number.to_string(),
                Literal::Null => "null".into(),
            };
            format!("{} {operator} {literal}", name(attribute))
        }
    }
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let name = "[a-z][a-z0-9]{0,6}";
    let attribute = (name, proptest::option::of(name)).prop_map(|(name, part)| Attribute { name, part });
    let operator = proptest::sample::select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Contains,
        Operator::Begins,
        Operator::Ends,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Less,
        Operator::LessOrEqual,
    ]);
    let literal = prop_oneof![
        "[^\\x00]{0,5}".prop_map(Literal::Text),
        any::<bool>().prop_map(Literal::Flag),
        (-1000_i32..1000).prop_map(|number| Literal::Number(f64::from(number))),
        Just(Literal::Null),
    ];
    let test = (attribute.clone(), operator, literal)
        .prop_map(|(attribute, operator, literal)| Filter::Test(attribute, operator, literal));
    let leaf = prop_oneof![attribute.prop_map(Filter::Present), test];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let several = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several.clone().prop_map(Filter::All),
            several.prop_map(Filter::Any),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

proptest! {
    #[test]
    fn u6_a_filter_is_read_as_it_was_written(filter in any_filter()) {
        prop_assert_eq!(Filter::parse(&written(&filter)), Ok(filter));
    }

    #[test]
    fn u6_no_text_breaks_the_reader(text in "\\PC{0,60}") {
        let _ = Filter::parse(&text);
        let _ = Path::parse(&text);
    }

    #[test]
    fn u6_nor_does_one_of_the_right_words(words in proptest::collection::vec(proptest::sample::select(vec![
        "(", ")", "[", "]", "not", "and", "or", "pr", "eq", "co", "a", "b.c", "\"x\"", "\"", "\\", "true", "1", ".", " ", "urn:",
    ]), 0..40)) {
        let _ = Filter::parse(&words.join(" "));
        let _ = Path::parse(&words.concat());
    }
}
