import Bytes
import CCurl
import Glibc
import Replay
import Transports

extension TargetConnection {
    /// Sets on a handle all that libcurl is to know of the connections to a target, but for the addresses of its name and
    /// the sources of connections.
    ///
    /// libcurl copies what it is given.
    func apply(to easy: UnsafeMutableRawPointer) {
        // libcurl keeps the parsed certificates for later connections only where they come from one file; reading
        // them anew takes 30 ms for each connection.
        if settings.authorities != nil || Self.hasCertificateFile {
            tapedeck_curl_set_string(easy, CURLOPT_CAPATH, nil)
        }
        if let file = settings.authorities { tapedeck_curl_set_string(easy, CURLOPT_CAINFO, file) }
        if let file = settings.certificate {
            tapedeck_curl_set_string(easy, CURLOPT_SSLCERT, file)
            tapedeck_curl_set_string(easy, CURLOPT_SSLKEY, settings.key ?? file)
        }
        if let keyPassword { tapedeck_curl_set_string(easy, CURLOPT_KEYPASSWD, keyPassword) }
        tapedeck_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, isInsecure ? 0 : 1)
        tapedeck_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, isInsecure ? 0 : 2)
        applyProxy(to: easy)
        if let path = settings.unixSocket { tapedeck_curl_set_string(easy, CURLOPT_UNIX_SOCKET_PATH, path) }
    }

    /// Every request goes through a tunnel, in clear text, too: what is sent is what the target gets, byte for byte.
    private func applyProxy(to easy: UnsafeMutableRawPointer) {
        guard let url = proxyURL() else { return }
        tapedeck_curl_set_string(easy, CURLOPT_PROXY, url)
        // Else the environment says whom the proxy is not for.
        tapedeck_curl_set_string(easy, CURLOPT_NOPROXY, "")
        tapedeck_curl_set_long(easy, CURLOPT_HTTPPROXYTUNNEL, 1)
        // What the proxy answers is not the target's answer, and what is sent to the target is not for the proxy.
        tapedeck_curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        tapedeck_curl_set_long(easy, CURLOPT_HEADEROPT, 1)
    }

    /// The URL of the proxy with the credentials in it, escaped, and with another name where there is one; `nil` without a
    /// proxy.
    ///
    /// There libcurl decodes them once, whatever is in them; as options of their own some versions decode them, too.
    func proxyURL(named name: String? = nil) -> String? {
        guard let proxy = settings.proxy else { return nil }
        let plain = name.map(proxy.url(named:)) ?? proxy.url
        guard let proxyCredentials else { return plain }
        let parts = proxyCredentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let user = parts.map(PercentEncoding.encode).joined(separator: ":")
        let start = "\(proxy.scheme.rawValue)://"
        return "\(start)\(user)@\(plain.dropFirst(start.count))"
    }

    /// Whether libcurl was built with a file of certificates of its own choice.
    private static let hasCertificateFile = tapedeck_curl_version()?.pointee.cainfo != nil

    /// What names stand for, for CURLOPT_RESOLVE; to be freed once the handle is gone.
    func makeNameList() -> UnsafeMutablePointer<curl_slist>? {
        settings.resolved.reduce(nil) { curl_slist_append($0, $1.description) }
    }
}

extension SourceAddresses {
    /// Makes a socket for libcurl; -1 with `errno` where it cannot be had.
    func makeSocket(_ address: curl_sockaddr) -> Int32 {
        let descriptor = socket(
            address.family,
            address.socktype | Int32(SOCK_CLOEXEC.rawValue),
            address.`protocol`
        )
        guard descriptor >= 0, !bind(descriptor, family: address.family) else { return descriptor }
        let reason = errno
        close(descriptor)
        errno = reason
        return -1
    }
}
