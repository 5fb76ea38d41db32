import CCurl

/// Where connections without requests of libcurl's lead to.
struct SocketTarget {
    /// Scheme, host and port; what else there is counts for nothing.
    var url: String
    var isInsecure: Bool
    /// `:PORT:ADDRESS,ADDRESS`, what the host stands for; `nil` where libcurl is to look it up.
    var route: [UInt8]?
    /// Whether libcurl was built with a file of certificates of its own choice.
    var hasCertificateFile = tapedeck_curl_version()?.pointee.cainfo != nil
    /// How long opening may take; `nil` leaves that to who asks.
    var connectSeconds: Int?
    /// How fast what comes is read at most, with so little room in the kernel that the sender notices; `nil` for no bound.
    var bytesPerSecond: Int?
}
