//! A request that works, for each operation, as a command and in three languages.

use handbook::reference::{ANY_HOST, ANY_KEY, Sample};
use serde_json::Value;

use crate::openapi::noun_of;

/// What a request is made of.
struct Request<'a> {
    method: String,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: &'a Value,
}

/// The samples of an operation. What is no JSON is shown as a command only.
pub(crate) fn of(method: &str, path: &str, operation: &Value) -> Vec<Sample> {
    let content = &operation["requestBody"]["content"];
    let body = &content["application/json"]["example"];
    let request = Request {
        method: method.to_uppercase(),
        url: format!("{ANY_HOST}{}", address(path, operation)),
        headers: headers(operation, !body.is_null()),
        body,
    };
    let mut samples = vec![Sample { language: "bash", code: request.curl(content) }];
    if content.is_null() || !body.is_null() {
        samples.extend([
            Sample { language: "python", code: request.python() },
            Sample { language: "javascript", code: request.javascript() },
            Sample { language: "ruby", code: request.ruby() },
        ]);
    }
    samples
}

fn address(path: &str, operation: &Value) -> String {
    let id = noun_of(path).map_or("", |[.., example]| example);
    let parameters = operation["parameters"].as_array();
    let is_list = parameters.into_iter().flatten().any(|parameter| parameter["name"] == "limit");
    format!("{}{}", path.replace("{id}", id), if is_list { "?limit=50" } else { "" })
}

fn headers(operation: &Value, has_body: bool) -> Vec<(&'static str, String)> {
    let security = operation["security"].to_string();
    let bearer = |token: &str| ("Authorization", format!("Bearer {token}"));
    let mut headers = match security.as_str() {
        s if s.contains("bearer") => vec![bearer(ANY_KEY)],
        s if s.contains("switch") => vec![bearer("$SWITCH_KEY")],
        s if s.contains("mail_server") => vec![bearer("$TOKEN")],
        s if s.contains("email") => {
            vec![("X-API-EMAIL", "your_email".to_owned()), ("X-API-TOKEN", ANY_KEY.to_owned())]
        }
        _ => Vec::new(),
    };
    if has_body {
        headers.push(("Content-Type", "application/json".to_owned()));
    }
    headers
}

impl Request<'_> {
    fn curl(&self, content: &Value) -> String {
        let mut line = "curl".to_owned();
        if self.method != "GET" {
            line.push_str(&format!(" -X {}", self.method));
        }
        for (name, value) in &self.headers {
            line.push_str(&format!(" \\\n  -H \"{name}: {value}\""));
        }
        if !self.body.is_null() {
            let body = self.body.to_string().replace('\'', r"'\''");
            line.push_str(&format!(" \\\n  -d '{body}'"));
        } else if content["multipart/form-data"].is_object() {
            line.push_str(" \\\n  -F 'call=<call.json;type=application/json' -F audio=@call.wav");
        } else if content["message/rfc822"].is_object() {
            line.push_str(" \\\n  -H 'Content-Type: message/rfc822' --data-binary @mail.eml");
        }
        format!("{line} \\\n  \"{}\"", self.url)
    }

    fn python(&self) -> String {
        let mut code = format!(
            "import requests\n\nanswer = requests.{}(\n    \"{}\",\n",
            self.method.to_lowercase(),
            self.url
        );
        if !self.headers.is_empty() {
            code.push_str(&format!("    headers={},\n", self.header_list(": ")));
        }
        if !self.body.is_null() {
            code.push_str(&format!("    json={},\n", PYTHON.literal(self.body)));
        }
        code + ")\nanswer.raise_for_status()\nprint(answer.json())"
    }

    fn javascript(&self) -> String {
        let mut code = format!("const answer = await fetch(\"{}\", {{\n", self.url);
        code.push_str(&format!("  method: \"{}\",\n", self.method));
        if !self.headers.is_empty() {
            code.push_str(&format!("  headers: {},\n", self.header_list(": ")));
        }
        if !self.body.is_null() {
            code.push_str(&format!("  body: JSON.stringify({}),\n", self.body));
        }
        code + "});\nif (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);\n\
            console.log(await answer.json());"
    }

    fn ruby(&self) -> String {
        let mut class = self.method.to_lowercase();
        class[..1].make_ascii_uppercase();
        let mut code = format!(
            "require \"json\"\nrequire \"net/http\"\n\nuri = URI(\"{}\")\n\
             request = Net::HTTP::{class}.new(uri, {})\n",
            self.url,
            self.header_list(" => ")
        );
        if !self.body.is_null() {
            code.push_str(&format!("request.body = JSON.generate({})\n", RUBY.literal(self.body)));
        }
        code + "answer = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == \"https\") do \
            |http|\n  http.request(request)\nend\nputs answer.code, answer.body"
    }

    fn header_list(&self, between: &str) -> String {
        let headers = self.headers.iter();
        let told: Vec<String> =
            headers.map(|(name, value)| format!("\"{name}\"{between}\"{value}\"")).collect();
        format!("{{{}}}", told.join(", "))
    }
}

/// How a language writes what JSON writes otherwise.
struct Literals {
    null: &'static str,
    truths: [&'static str; 2],
    between: &'static str,
}

const PYTHON: Literals = Literals { null: "None", truths: ["False", "True"], between: ": " };
const RUBY: Literals = Literals { null: "nil", truths: ["false", "true"], between: " => " };

impl Literals {
    fn literal(&self, value: &Value) -> String {
        match value {
            Value::Null => self.null.to_owned(),
            Value::Bool(is_true) => self.truths[usize::from(*is_true)].to_owned(),
            Value::Array(values) => {
                let told: Vec<String> = values.iter().map(|value| self.literal(value)).collect();
                format!("[{}]", told.join(", "))
            }
            Value::Object(fields) => {
                let told: Vec<String> = fields
                    .iter()
                    .map(|(key, value)| format!("\"{key}\"{}{}", self.between, self.literal(value)))
                    .collect();
                format!("{{{}}}", told.join(", "))
            }
            plain => plain.to_string(),
        }
    }
}
