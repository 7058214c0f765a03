//! The layer of the file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use domain::suggest;
use toml::de::{DeTable, DeValue};

use super::{ConfigError, Given, Place, Setting, Source};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What the file has, by path, with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct FileLayer(BTreeMap<&'static str, (Given, Place)>);

impl FileLayer {
    pub(super) fn get(&self, path: &str) -> Option<&(Given, Place)> {
        self.0.get(path)
    }
}

/// The text of a file.
pub(super) fn text(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let length = file.take(LARGEST + 1).read_to_string(&mut text);
    match length.map_err(|error| error.to_string())? {
        length if length as u64 > LARGEST => Err(format!("larger than {LARGEST} bytes")),
        _ => Ok(text),
    }
}

/// Reads a file's text. What is wrong with it is returned beside what could be read.
pub(super) fn parse(text: &str, name: &str, known: &[&'static dyn Setting]) -> (FileLayer, Vec<ConfigError>) {
    let mut reader = Reader {
        text,
        name,
        known,
        layer: FileLayer::default(),
        errors: Vec::new(),
    };
    let (document, errors) = DeTable::parse_recoverable(text);
    // What follows a mistake in the form may be misread, so nothing else is said of such a file.
    if !errors.is_empty() {
        let errors = errors.into_iter().map(|error| ConfigError::Syntax {
            place: reader.place(&error.span().unwrap_or_default()),
            reason: error.message().to_owned(),
        });
        return (FileLayer::default(), errors.collect());
    }
    reader.document(document.get_ref());
    (reader.layer, reader.errors)
}

struct Reader<'a> {
    text: &'a str,
    name: &'a str,
    known: &'a [&'static dyn Setting],
    layer: FileLayer,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn document(&mut self, document: &DeTable<'_>) {
        for (name, value) in document {
            let table = name.get_ref().as_ref();
            match value.get_ref() {
                DeValue::Table(entries) if self.tables().any(|known| known == table) => {
                    self.table(table, entries);
                }
                _ => {
                    let meant = suggest::nearest(table, self.tables()).map(|meant| format!("[{meant}]"));
                    self.unknown(&name.span(), table.to_owned(), meant);
                }
            }
        }
    }

    fn table(&mut self, table: &str, entries: &DeTable<'_>) {
        for (name, value) in entries {
            let path = format!("{table}.{}", name.get_ref());
            let Some(known) = self.known.iter().find(|known| known.about().path == path) else {
                let paths = self.known.iter().map(|known| known.about().path);
                let meant = suggest::nearest(&path, paths).map(str::to_owned);
                self.unknown(&name.span(), path, meant);
                continue;
            };
            let (path, place) = (known.about().path, self.place(&value.span()));
            match given(value.get_ref()) {
                Ok(given) => {
                    self.layer.0.insert(path, (given, place));
                }
                Err(reason) => self.errors.push(ConfigError::Value {
                    source: Source::File(place),
                    key: path,
                    given: None,
                    reason,
                }),
            }
        }
    }

    /// The tables of all settings.
    fn tables(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        self.known.iter().map(|known| known.about().table_and_name().0)
    }

    fn unknown(&mut self, span: &Range<usize>, key: String, suggestion: Option<String>) {
        self.errors.push(ConfigError::UnknownKey {
            place: self.place(span),
            key,
            suggestion,
        });
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

fn given(value: &DeValue<'_>) -> Result<Given, String> {
    match value {
        DeValue::String(text) => Ok(Given::Text(text.clone().into_owned())),
        DeValue::Boolean(value) => Ok(Given::Bool(*value)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(Given::Number)
            .map_err(|_| "expected a smaller number".to_owned()),
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| match item.get_ref() {
                DeValue::String(text) => Ok(text.clone().into_owned()),
                _ => Err("expected a list of texts".to_owned()),
            });
            texts.collect::<Result<_, _>>().map(Given::List)
        }
        DeValue::Float(_) => {
            Err("expected no fraction; spans of time are texts such as \"1500ms\"".to_owned())
        }
        DeValue::Datetime(_) => Err("expected no date".to_owned()),
        DeValue::Table(_) => Err("expected a value, not a table".to_owned()),
    }
}
