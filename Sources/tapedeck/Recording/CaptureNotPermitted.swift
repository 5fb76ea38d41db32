/// The system does not let this process capture; the message says what would.
struct CaptureNotPermitted: Error {
    var message: String
}
