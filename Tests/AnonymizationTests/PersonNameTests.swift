import Anonymization
import Testing

@Suite struct PersonNameTests {
    @Test(arguments: [
        // Known names in the order of given name and surname, with what may stand between them.
        ("yesterday Maria Garcia called", ["Maria", "Garcia"]),
        ("J. R. Hopper and Grace B. Hopper", ["Hopper", "Grace"]),
        ("for Pieter van den Berg today", ["Pieter", "Berg"]),
        ("Jean-Luc d'Orléans wrote", ["Jean", "Orléans"]),
        ("Garcia, Maria; Nowak, Piotr", ["Garcia", "Maria", "Nowak", "Piotr"]),
        ("JOHN SMITH paid", ["JOHN", "SMITH"]),
        ("Łukasz Wiśniewski, José Núñez", ["Łukasz", "Wiśniewski", "José", "Núñez"]),
        ("Samantha Green was there", ["Samantha", "Green"]),
        // Other alphabets.
        ("вчера Иван Петров звонил", ["Иван", "Петров"]),
        ("ο Γιώργος Παπαδόπουλος", ["Γιώργος", "Παπαδόπουλος"]),
        ("佐藤 健一 様", ["佐藤", "健一"]), ("customer 김민준 called", ["김민준"]), ("من محمد الأحمد", ["محمد"]),
        // Nobody knows the name: a form of address, a label, what people do.
        ("Hi, this is Qwilla Zorbecket, hello", ["Qwilla", "Zorbecket"]), ("Dear Mrs Yxley, we", ["Yxley"]),
        ("my name is Rubija", ["Rubija"]), ("Ich bin Xanthor Quellig und", ["Xanthor", "Quellig"]),
        ("customer: Vorna Plesk", ["Vorna", "Plesk"]),
        ("pay GB82 WEST 1234 5698 7654 32 (Vorna Plesk)", ["Vorna", "Plesk"]),
        ("Vorna Plesk <vorna@navy.mil> wrote", ["Vorna", "Plesk"]),
        ("signed by Vorna Plesk.", ["Vorna", "Plesk"]),
        ("Best regards,\nVorna", ["Vorna"]), ("please call Vorna Plesk at once", ["Vorna", "Plesk"]),
    ])
    func namesAreFound(text: String, names: [String]) throws {
        var anonymizer = try TextAnonymizer()
        let output = anonymizer.output(text)
        for name in names { #expect(!output.contains(name), "\(output)") }
        #expect(output.utf8.count == text.utf8.count, "\(output)")
    }

    @Test(arguments: [
        "Main Street Theme, Ocean View Hotel, Black Friday Bundle, Grand Piano Deluxe, Mountain Bike Helmet",
        "Internal Server Error, Connection Reset By Peer, Content Security Policy, GitHub Actions, New York Times",
        "Monday Morning Meeting in San Francisco with the Customer Success Team on Google Cloud",
        "Hi there, Dear Customer, Hello World, Best Regards",
        "Golden Gate Poster, Rose Garden Table, Jackson Square",
        "the main.swift of Client.connect in Grace/Hopper and @GraceHopper",
        "iPhone 15 Pro, Windows 11, Spring 5, Monitoring 24",
    ])
    func otherWordsStay(text: String) throws {
        var anonymizer = try TextAnonymizer()
        #expect(anonymizer.output(text) == text)
    }

    /// `name` is a person's where the same object has what people have, before or behind it.
    @Test func aNameBesideAnAddressIsAPersons() throws {
        var anonymizer = try TextAnonymizer(type: "application/json")
        let output = anonymizer.output(
            #"[{"name":"Qwilla Zorbecket","age":3,"email":"q@navy.mil"},{"phone":"+442079460958","name":"Vorna Plesk"},"#
                + #"{"name":"Sofa Large","price":3},{"name":"Sofa Small","owner":{"email":"q@navy.mil"}}]"#
        )
        for name in ["Qwilla", "Zorbecket", "Vorna", "Plesk"] { #expect(!output.contains(name), "\(output)") }
        #expect(output.contains("Sofa Large") && output.contains("Sofa Small"), "\(output)")
    }
}
