//! Parameters that may be absent are generated as ones that may be null, which no parameter in a URL can be.

use serde_json::Value;

/// Takes `null` out of the schemas of all parameters of a document.
pub(super) fn never_null(document: &mut Value) {
    let paths = document["paths"]
        .as_object_mut()
        .into_iter()
        .flatten()
        .map(|(_, path)| path);
    let operations = paths
        .filter_map(Value::as_object_mut)
        .flatten()
        .map(|(_, operation)| operation);
    for operation in operations {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            without_null(&mut parameter["schema"]);
        }
    }
}

fn without_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").filter(|types| types.is_array()) {
        let named = types
            .as_array_mut()
            .and_then(|types| types.iter_mut().find(|name| *name != "null"));
        *types = named.map(Value::take).unwrap_or_default();
    }
    let choices = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    let only = choices.and_then(|choices| choices.iter_mut().find(|choice| choice["type"] != "null"));
    if let Some(only) = only.map(Value::take) {
        *schema = only;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_is_taken_out_of_types_and_choices() {
        let schemas = [
            (
                json!({"type": ["string", "null"], "format": "uuid"}),
                json!({"type": "string", "format": "uuid"}),
            ),
            (
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/x"}]}),
                json!({"$ref": "#/x"}),
            ),
            (json!({"type": "integer"}), json!({"type": "integer"})),
        ];
        for (given, expected) in schemas {
            let mut document = json!({"paths": {"/a": {"get": {"parameters": [{"schema": given}]}}}});
            never_null(&mut document);
            assert_eq!(
                document["paths"]["/a"]["get"]["parameters"][0]["schema"],
                expected
            );
        }
    }
}
