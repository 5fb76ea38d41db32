import Anonymization
import Testing

@Suite struct StreetAddressTests {
    /// As post offices write them, with the part that says where somebody lives.
    @Test(arguments: [
        ("12 Elm Street", "12 Elm"), ("221B Baker Street", "221B Baker"),
        ("1600 Pennsylvania Avenue NW", "1600 Pennsylvania"),
        ("350 5th Ave, Apt. 7", "350 5th"), ("38404 Kimberly Camp Apt. 273", "Kimberly"),
        ("Flat 88, Marlow Lodge", "Marlow"),
        ("7, rue de la Paix", "Paix"), ("rue Jeannine Royer", "Royer"), ("688, avenue de Dubois", "Dubois"),
        ("Hauptstraße 5a", "Hauptstraße 5a"), ("Lindenstr. 5", "Lindenstr. 5"),
        ("Gilda-Wagner-Weg 1-4", "Gilda-Wagner-Weg 1"),
        ("Keizersgracht 126", "Keizersgracht 126"), ("Elizabethring 127", "Elizabethring 127"),
        ("Storgatan 4", "Storgatan 4"),
        ("Via Roma, 12", "Roma, 12"), ("Viale Rossi, 488 Appartamento 39", "Rossi, 488"),
        ("Calle Alcalá 20 Piso 3", "Alcalá 20"),
        ("Rua Augusta, 91", "Augusta, 91"), ("ul. Mokotowska 3/5", "Mokotowska 3/5"),
        ("aleja Jesienna 63/51", "Jesienna 63"),
        ("ул. Ленина, д. 8", "Ленина"), ("985 高橋 Street", "高橋"),
    ])
    func addressesAreFound(address: String, part: String) throws {
        var anonymizer = try TextAnonymizer()
        for (before, behind) in [("send it to ", " and a copy"), ("", ""), ("Ort: ", "."), ("(", ")")] {
            let output = anonymizer.output(before + address + behind)
            #expect(!output.contains(part), "\(output)")
            #expect(output.hasPrefix(before) && output.hasSuffix(behind), "\(output)")
            #expect(output.utf8.count == (before + address + behind).utf8.count)
        }
    }

    @Test(arguments: [
        "Main Street Theme", "Step 4 Build", "sent via PayPal 2024-05-17", "Place Order 12", "5 Stack Trace",
        "version 3 Release Notes", "Spring 5 and String 7", "took 12 Way too long", "Avenue Sweater",
    ])
    func otherNumbersAndStreetsStay(text: String) throws {
        var anonymizer = try TextAnonymizer()
        #expect(anonymizer.output(text) == text)
    }

    /// What kind of street it is, and that there is a flat, stays.
    @Test func theFormStays() throws {
        var anonymizer = try TextAnonymizer()
        let output = anonymizer.output("to 12 Elm Street, Apt. 7")
        #expect(output.wholeMatch(of: /to [1-9]\d [A-Z][a-z]{2} Street, Apt\. \d/) != nil, "\(output)")
    }
}
