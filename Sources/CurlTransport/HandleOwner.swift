import CCurl

/// The object that an easy handle belongs to, kept with the handle (CURLOPT_PRIVATE).
enum HandleOwner {
    /// The handle does not keep `owner` alive: it is the owner's, and goes before it.
    static func set(_ owner: some AnyObject, of easy: UnsafeMutableRawPointer) {
        tapedeck_curl_set_pointer(easy, CURLOPT_PRIVATE, Unmanaged.passUnretained(owner).toOpaque())
    }

    /// `Owner` is the class that was set; `nil` where none was.
    static func of<Owner: AnyObject>(
        _ easy: UnsafeMutableRawPointer,
        as _: Owner.Type = Owner.self
    ) -> Owner? {
        var context: UnsafeMutableRawPointer?
        guard tapedeck_curl_get_pointer(easy, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else {
            return nil
        }
        return Unmanaged<Owner>.fromOpaque(context).takeUnretainedValue()
    }
}
