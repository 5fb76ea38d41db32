/// The only door for moments that the target gives as numbers or dates.
///
/// What lies outside of the years 1970 to 2099 is none: so sums and differences of moments, such as the offset of a
/// clock, stay within 64 bits.
package enum TargetMoment {
    /// Nanoseconds since 1970.
    package static let range: Range<Int64> = 0..<4_102_444_800_000_000_000

    /// Nanoseconds since 1970 of `value` units, of so many nanoseconds each; `nil` where that is no moment.
    package static func nanoseconds(_ value: Int64, unit: Int64 = 1) -> Int64? {
        let (time, isOver) = value.multipliedReportingOverflow(by: unit)
        return isOver || !range.contains(time) ? nil : time
    }
}
