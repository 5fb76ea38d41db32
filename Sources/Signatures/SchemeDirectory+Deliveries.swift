extension SchemeDirectory {
    /// Where senders put the identifiers of their deliveries, each place once.
    package var deliveryPlaces: [SignaturePlace] {
        var places: [SignaturePlace] = []
        for scheme in schemes {
            for place in scheme.form?.ids ?? [] where !places.contains(place) { places.append(place) }
        }
        return places
    }
}
