import CCurl
import Replay

/// Pins the requests of a handle to their connections: libcurl uses a connection again only for the same CONNECT_TO name, and
/// the same name of the proxy, which gets to know the target's name alone.
///
/// A number stands for two of them: what was negotiated for one request would else decide for another. libcurl keeps pointers
/// into it, so it goes after the handle.
struct ConnectionPin: ~Copyable {
    private let connection: TargetConnection
    private let isProxied: Bool
    /// What other names stand for.
    private let names: UnsafeMutablePointer<curl_slist>?
    private var name = CString()
    private var route = CString()
    private let nameNode: UnsafeMutablePointer<curl_slist>
    private let routeNode: UnsafeMutablePointer<curl_slist>
    /// The one that is named now; `nil` before the first.
    private var pinned: ConnectionID?
    /// It is the one of its number that HTTP/2 is offered on.
    private var isForHTTP2 = false
    private var hasRoute = false

    init(_ connection: TargetConnection) {
        self.connection = connection
        isProxied = connection.settings.proxy != nil
        names = isProxied ? connection.makeNameList() : nil
        nameNode = .allocate(capacity: 1)
        routeNode = .allocate(capacity: 1)
    }

    deinit {
        curl_slist_free_all(names)
        nameNode.deallocate()
        routeNode.deallocate()
    }

    /// Names a connection to a handle.
    ///
    /// `addresses` is given the first time that the connection is used: libcurl keeps what its name stands for.
    mutating func pin(
        _ easy: UnsafeMutableRawPointer,
        to id: ConnectionID,
        forHTTP2 isHTTP2: Bool,
        addresses: [UInt8]?
    ) {
        if pinned != id || isForHTTP2 != isHTTP2 {
            pinned = id
            isForHTTP2 = isHTTP2
            if isProxied {
                tapedeck_curl_set_string(easy, CURLOPT_PROXY, connection.proxyURL(named: spelledName))
            } else {
                name.set(isHTTP2 ? "::h" : "::c", decimal: UInt64(id), ":")
                nameNode.initialize(to: curl_slist(data: name.pointer, next: nil))
                tapedeck_curl_set_list(easy, CURLOPT_CONNECT_TO, nameNode)
            }
        }
        if let addresses {
            _ = route.set(Array(spelledName.utf8) + addresses)
            routeNode.initialize(to: curl_slist(data: route.pointer, next: names))
            tapedeck_curl_set_list(easy, CURLOPT_RESOLVE, routeNode)
            hasRoute = true
        } else if hasRoute {
            tapedeck_curl_set_list(easy, CURLOPT_RESOLVE, nil)
            hasRoute = false
        }
    }

    private var spelledName: String { "\(isForHTTP2 ? "h" : "c")\(pinned ?? 0)" }
}
