//! The pages as people use them: through the real router, with cookies and forms.

mod console;
mod gallery;
mod portal;
pub(crate) mod sample;
