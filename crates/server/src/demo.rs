//! stub
use crate::{Failure, config::Config};
use std::io::Write;
pub(crate) async fn load(_c: &Config, _o: &mut (dyn Write + Send)) -> Result<(), Failure> {
    Ok(())
}
