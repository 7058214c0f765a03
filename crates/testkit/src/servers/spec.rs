//! What a server is started from.

use super::Probe;

/// What a server is started from.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The recipe of its image.
    pub image: &'static str,
    /// The ports that tests reach, as the server knows them; the first one is probed.
    pub ports: &'static [u16],
    /// Whether it is ready.
    pub probe: Probe,
    /// Its environment.
    pub environment: Vec<(String, String)>,
    /// Files in its container, by path.
    pub files: Vec<(String, String)>,
    /// Its arguments; those of the image when there are none.
    pub arguments: Vec<String>,
}

impl Spec {
    /// A server of an image with everything as the image has it.
    pub fn new(image: &'static str, ports: &'static [u16], probe: Probe) -> Self {
        Self {
            image,
            ports,
            probe,
            environment: Vec::new(),
            files: Vec::new(),
            arguments: Vec::new(),
        }
    }

    /// With a file in the container.
    #[must_use]
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// With a variable in the environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }
}
