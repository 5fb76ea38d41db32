/// What speaks over a ``CurlSocket``; it is told on the thread of the event loop, and never from within a call to libcurl.
///
/// It may close the socket at any of these, and has to once that has failed or ended.
protocol SocketSpeaker: AnyObject {
    /// The connection is there, with TLS where it is asked for; nothing has been sent over it.
    func connected()
    /// The connection could not be opened.
    func failed(_ result: CurlResult)
    /// Bytes have come.
    func receive(_ bytes: Span<UInt8>)
    /// No more bytes come: the other side has closed the connection where there is no failure.
    func ended(_ failure: CurlResult?)
    /// Something has come, or the connection takes more: what is to be sent can be sent now.
    func send()
}
