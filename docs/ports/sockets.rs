//! Sockets and a blocking call, on our own loop, which knows neither.
//!
//! ```text
//! cargo run -q -p tests --features ports --example sockets
//! ```
//!
//! smol's sockets bring their own selector, on a thread of its own; `unblock` brings a pool of threads. All that they
//! want of a loop is a waker that works from another thread.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use executor::{gather_all, sleep, spawn};
use smol::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use smol::net::{TcpListener, TcpStream};

/// Answers one line after the other, in capitals, until the other side closes.
async fn serve(listener: TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept().await?;
    let mut lines = BufReader::new(stream.clone());
    let mut line = String::new();
    while lines.read_line(&mut line).await? > 0 {
        stream.write_all(line.to_uppercase().as_bytes()).await?;
        line.clear();
    }
    println!("server: the other side has closed");
    Ok(())
}

async fn ask(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let mut answers = BufReader::new(stream.clone());
    for word in ["one", "two"] {
        stream.write_all(format!("{word}\n").as_bytes()).await?;
        let mut answer = String::new();
        answers.read_line(&mut answer).await?;
        println!("client: {word} -> {}", answer.trim_end());
        // Our timers and their sockets, in one task.
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    executor::run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let tasks = [spawn(serve(listener)), spawn(ask(address))];
        // asyncio: `await asyncio.to_thread(add)`
        let sum = smol::unblock(|| (1..=10).sum::<u64>()).await;
        for end in gather_all(tasks).await {
            end.expect("no task panics")?;
        }
        println!("main:   another thread has added up {sum}");
        Ok(())
    })
}
