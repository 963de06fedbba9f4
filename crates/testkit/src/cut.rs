//! A proxy before PostgreSQL that cuts the connection once, before or after a chosen statement.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What a client sends before its first message, to ask for TLS: a length of 8, and a code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Where the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The statement never reaches the database.
    Before,
    /// The database runs the statement, and its answer never reaches us.
    After,
}

/// A proxy on loopback. Statements are counted over all its connections, from 1.
#[derive(Debug)]
pub struct CutProxy {
    address: SocketAddr,
    seen: Arc<AtomicUsize>,
    run: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

#[derive(Clone, Debug)]
struct CutPlan {
    database: SocketAddr,
    seen: Arc<AtomicUsize>,
    run: Arc<AtomicUsize>,
    at: usize,
    cut: Cut,
}

impl CutProxy {
    /// Listens, and forwards to `database`; cuts at statement `at`, and never again.
    pub async fn start(database: SocketAddr, at: usize, cut: Cut) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let (seen, run) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let plan = CutPlan { database, seen: seen.clone(), run: run.clone(), at, cut };
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, plan.clone()));
            }
        });
        CutProxy { address, seen, run, task }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Only counts.
    pub async fn counting(database: SocketAddr) -> Self {
        Self::start(database, usize::MAX, Cut::Before).await
    }

    /// How many statements were run through it, a transaction's begin and end among them; that one
    /// is prepared, or that the connection is still there, is asked besides.
    pub fn statements(&self) -> usize {
        self.run.load(Ordering::SeqCst)
    }

    /// Whether the cut has happened.
    pub fn has_cut(&self, at: usize) -> bool {
        self.seen.load(Ordering::SeqCst) >= at
    }
}

impl Drop for CutProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(client: TcpStream, plan: CutPlan) {
    let Ok(database) = TcpStream::connect(plan.database).await else { return };
    let prompt = client.set_nodelay(true).and(database.set_nodelay(true));
    prompt.expect("sockets that send at once");
    let (from_client, to_client) = client.into_split();
    let (from_database, to_database) = database.into_split();
    let severed = Arc::new(Notify::new());
    let up = statements(from_client, to_database, plan, severed.clone());
    let down = answers(from_database, to_client, severed);
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}

/// Passes frames on to the database and counts the statements among them: a `Sync` of the extended
/// protocol or a `Query` of the simple one (PostgreSQL 15, 55.7). What runs one is an `Execute` or
/// that `Query`.
async fn statements(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    plan: CutPlan,
    severed: Arc<Notify>,
) {
    let mut is_first = true;
    while let Ok(frame) = frame(&mut from, is_first).await {
        if !is_first && matches!(frame.first(), Some(b'E' | b'Q')) {
            plan.run.fetch_add(1, Ordering::SeqCst);
        }
        let is_statement = !is_first && matches!(frame.first(), Some(b'S' | b'Q'));
        is_first = is_first && frame == SSL_REQUEST;
        let cuts = is_statement && plan.seen.fetch_add(1, Ordering::SeqCst) + 1 == plan.at;
        if cuts && plan.cut == Cut::Before {
            return;
        }
        if cuts {
            // No answer gets through from here on, but the database gets the statement whole.
            severed.notify_one();
        }
        if to.write_all(&frame).await.is_err() {
            return;
        }
        if cuts {
            // Long enough for the database to run it: it answers before it sees the end.
            let _ = to.shutdown().await;
            std::future::pending::<()>().await;
        }
    }
}

/// A frame with its head; the first of a connection has no type byte.
async fn frame(from: &mut OwnedReadHalf, is_first: bool) -> std::io::Result<Vec<u8>> {
    let mut frame = Vec::new();
    if !is_first {
        frame.push(from.read_u8().await?);
    }
    let length = from.read_u32().await?;
    frame.extend(length.to_be_bytes());
    let head = frame.len();
    frame.resize(head + (length as usize).saturating_sub(4), 0);
    from.read_exact(&mut frame[head..]).await?;
    Ok(frame)
}

/// Passes answers back until the connection is severed; then waits for the database to be done with
/// what it was given, and ends both sides.
async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, severed: Arc<Notify>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            biased;
            () = severed.notified() => break,
            read = from.read(&mut buffer) => read,
        };
        match read {
            Ok(count) if count > 0 && to.write_all(&buffer[..count]).await.is_ok() => {}
            _ => return,
        }
    }
    while matches!(from.read(&mut buffer).await, Ok(count) if count > 0) {}
}
