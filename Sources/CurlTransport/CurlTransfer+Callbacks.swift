import CCurl
import Glibc

// libcurl calls these on the thread of the event loop. The context is the transfer, which outlives its handle.

private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

func receiveLine(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = transfer(context) else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    // Any other answer than the count ends the transfer with CURLE_WRITE_ERROR.
    guard transfer.intake.line(line) else { return -1 }
    transfer.noteHead()
    return line.count
}

func receiveContent(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = transfer(context) else { return 0 }
    transfer.intake.content(UnsafeRawBufferPointer(start: bytes, count: size * count))
    transfer.noteContent()
    return size * count
}

func giveBody(
    _ target: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = transfer(context), let target else { return 0 }
    return transfer.give(into: target, capacity: size * count)
}

func giveTrailers(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<curl_slist>?>?,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    // libcurl frees the list it is given, so this one, unlike the fields, has to be libcurl's own.
    var own: UnsafeMutablePointer<curl_slist>?
    var next = transfer(context)?.trailerList()
    while let node = next {
        own = curl_slist_append(own, node.pointee.data)
        next = node.pointee.next
    }
    list?.pointee = own
    return Int32(CURL_TRAILERFUNC_OK)
}

func beforeSending(
    _ context: UnsafeMutableRawPointer?,
    _: UnsafeMutablePointer<CChar>?,
    _: UnsafeMutablePointer<CChar>?,
    _: Int32,
    _: Int32
) -> Int32 {
    guard let transfer = transfer(context), transfer.mayAndWillSend() else {
        return Int32(CURL_PREREQFUNC_ABORT)
    }
    return Int32(CURL_PREREQFUNC_OK)
}

func openSocket(
    _ context: UnsafeMutableRawPointer?,
    _: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let transfer = transfer(context), let address = address?.pointee else { return -1 }
    // A connection for a request that was sent already could only serve to send it again.
    guard transfer.sentAt == nil else {
        transfer.refuseResend()
        return -1
    }
    let descriptor = transfer.sources.makeSocket(address)
    if descriptor >= 0 { transfer.noteOpened(descriptor) } else { transfer.noteFailedSocket(errno) }
    return descriptor
}
