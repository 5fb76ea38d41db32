import CCurl
import Replay

/// libcurl's result of a transfer.
struct CurlResult: RawRepresentable, Hashable {
    let rawValue: UInt32

    static let ok = CurlResult(CURLE_OK)

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    init(_ code: CURLcode) {
        rawValue = code.rawValue
    }

    /// What libcurl calls it; holds nothing of what was sent.
    var text: String { String(cString: curl_easy_strerror(CURLcode(rawValue: rawValue))) }

    /// The bucket of the report for a transfer that did not succeed.
    var failure: FailureKind {
        switch CURLcode(rawValue: rawValue) {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            .connect
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED:
            .tls
        case CURLE_GOT_NOTHING: .closed
        // Also that the target reset a stream of HTTP/2 before its end.
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM: .reset
        case CURLE_ABORTED_BY_CALLBACK, CURLE_SEND_FAIL_REWIND: .resendRefused
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_PARTIAL_FILE, CURLE_WRITE_ERROR,
            CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
            .protocolError
        default: .other
        }
    }
}
