import CEvents

/// Memory for long bodies.
enum LargeMemory {
    /// Bytes from which on an allocation has pages of its own.
    private static let threshold: Int32 = 1 << 20

    /// Lets the system have large memory back as soon as it is freed, in the whole process and for good.
    ///
    /// The C library raises its threshold to what has been freed once (mallopt(3), `M_MMAP_THRESHOLD`): after an upload
    /// of 12 MB the next such stands among small allocations, and what it leaves behind is filled with them and stays.
    static func giveBackWhenFreed() { _ = mallopt(M_MMAP_THRESHOLD, threshold) }
}
