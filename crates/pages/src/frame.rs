//! What surrounds a page of somebody who is signed in, loaded.

use app::messages::{self, MessageQuery};
use domain::Role;
use web::Web;

use crate::session::{Frame, SignedIn};
use crate::ui::{Place, Shell};
use crate::webhooks::alarm;

impl SignedIn {
    /// The frame of a page at a place. Unread messages are counted for those whom they are for.
    pub(crate) async fn shell(&self, web: &Web, place: Place) -> app::Result<Shell> {
        let unread = match self.actor.role {
            Role::Client => {
                let query = MessageQuery { read: Some(false), ..MessageQuery::default() };
                let filter = messages::filter(&web.app, &self.actor, query).await?;
                let unread = messages::count(&web.app, &self.actor, &filter).await?;
                u32::try_from(unread).ok().filter(|unread| *unread > 0)
            }
            _ => None,
        };
        Ok(Shell {
            tenant_name: self.tenant.name.clone(),
            user_name: self.actor.name.clone(),
            user_email: self.actor.email.clone(),
            role: self.actor.role,
            place,
            unread,
            csrf: self.csrf.clone(),
            flash: self.flash.clone(),
            alarm: alarm(web, self).await?,
        })
    }

    /// What a page at a place is drawn with.
    pub(crate) async fn frame(&self, web: &Web, place: Place) -> app::Result<Frame> {
        let (actor, zone) = (self.actor.clone(), self.tenant.zone.clone());
        Ok(Frame { shell: self.shell(web, place).await?, actor, zone, now: web.app.now() })
    }
}
