extension Lexicon {
    /// The words, by what they are.
    static let lists: [(words: StaticString, roles: Roles)] = [
        (GivenNames.latin, .given), (Surnames.latin, .surname), (AmbiguousNames.latin, .ambiguousName),
        (NonLatinNames.given, .given), (NonLatinNames.surnames, .surname),
        (particles, .particle), (CommonWords.capitalized, .common),
        (titles, [.title, .common]), (greetings, [.greeting, .common]), (nameLabels, .nameLabel),
        (copulas, .copula), (subjects, .subject),
        (personVerbs, .personVerb), (prepositions, .preposition),
        (StreetWords.prefixes, .streetPrefix), (StreetWords.weakPrefixes, .weakStreetPrefix),
        (StreetWords.suffixes, .streetSuffix), (StreetWords.weakSuffixes, .weakStreetSuffix),
        (StreetWords.units, .unit),
        (phoneWords, .phone), (nationalNumberWords, .nationalNumber), (birthWords, .birth),
        (bankWords, .bank), (cardWords, .card), (coordinateWords, .coordinate),
        (referenceWords, .reference), (partyWords, .party),
    ]

    private static let particles: StaticString = """
        van von vom zu zum zur de der den des del della delle dei degli di da do dos das du la le les lo los
        las el al ten ter te het op aan die bin bint ibn abu bar ben af av und y e i san santa dall dell d l
        t
        """

    private static let titles: StaticString = """
        mr mrs ms mx miss dr prof professor doctor sir madam dame lord lady rev fr capt captain sgt lt col
        herr frau fraulein hr fr dipl ing mag univ dott dottssa sig ra sigra signor signora signorina ing
        arch avv geom sr sra srta dn dna don dona senor senora senorita monsieur madame mademoiselle mme
        mlle maitre me pan pani panu dhr mevr mevrouw meneer heer drs ir seu senhor senhora fru herra rouva
        bay bayan г-н г-жа господин госпожа пан пані κ κα κος κύριος κυρία السيد السيدة الأستاذ الدكتور מר
        גברת
        """

    private static let greetings: StaticString = """
        dear hi hello hey regards sincerely yours cheers thanks attn attention greetings goodbye signed
        liebe lieber hallo geehrte geehrter gruss gruesse grüße gruse grusse cher chere bonjour salut
        bonsoir cordialement estimado estimada querido querida hola saludos atentamente gentile caro cara
        ciao saluti cordiali egregio prezado prezada caro ola oi atenciosamente beste geachte groeten drogi
        droga szanowny szanowna czesc pozdrawiam hej hei kara basta hilsen halsningar terveisin здравствуйте
        привет уважаемый уважаемая дорогой дорогая
        """

    private static let nameLabels: StaticString = """
        name names fullname im iam customer customers client user patient guest employee manager colleague
        member sender recipient beneficiary payee payer holder cardholder accountholder owner author
        assignee reporter requester applicant tenant landlord buyer seller driver passenger student teacher
        nurse doctor lawyer attorney mother father husband wife son daughter brother sister aunt uncle
        cousin friend boss neighbour neighbor contact soy suis sono sou jestem heiße heisse heet nombre nom
        nome naam nazwisko imie kunde kundin client cliente klant klient kontakt ansprechpartner debtor
        creditor signatory имя фамилия клиент зовут όνομα اسم שם
        """

    private static let copulas: StaticString = "is am ist bin are was es est e é ben jest er ar это"

    private static let subjects: StaticString = """
        this name here i it he she speaking hier ich dies je io eu ik nombre nom nome naam ce c questo este
        dit меня я
        """

    private static let personVerbs: StaticString = """
        call called phone phoned ask asked tell told met meet meeting visit visited invite invited spoke
        spoken speak talk talked chat interview appointment lunch signed sent written wrote approved
        prepared reviewed assigned reported requested submitted posted created cancelled confirmed said says
        lives lived moved works worked joined replied parcel package letter message reservation introduce
        introduced thank welcome remind notify named married greet paid behalf
        """

    private static let prepositions: StaticString = """
        by with to for from of at and about an von für fur mit de par pour avec con per da di por para com
        voor met door dla od z
        """

    private static let phoneWords: StaticString = """
        phone phones telephone telephones tel mobile cell cellphone fax call calls called caller callback
        dial ring reach reached reachable whatsapp sms texted handy telefon telefone telefono telephone
        telefonnummer phonenumber telefoonnummer mobil mobiel movil celular cellulare gsm komorka komorkowy
        komórkowy msisdn hotline voicemail landline portable telef tlf mob rufnummer festnetz handynummer
        puhelin puhelinnumero telefonszam telefonu telefonni teléfono téléphone appelez llamar llame
        chiamare chiamami ligar ligue bellen zadzwon anrufen erreichbar телефон тел мобильный моб τηλέφωνο
        κινητό هاتف جوال טלפון 電話 电话 手机 携帯 전화 फोन
        """

    private static let nationalNumberWords: StaticString = """
        ssn social security socialsecurity itin taxpayer tax tin nationalid nhs pesel aadhaar aadhar uidai
        nif nie dni cif cpf cnpj bsn burgerservicenummer sofinummer personnummer personnr fodselsnummer
        fødselsnummer hetu henkilotunnus henkilötunnus cpr fiscale fiscal codicefiscale steuerid
        steueridentifikationsnummer idnr steuernummer nir insee secu secuite securite ahv avs oasi sin
        insurance tfn medicare curp rfc rrn jumin nino rijksregister rijksregisternummer nrn niss insz
        kimlik tckn tc national identity citizen passport cedula cédula rut run cnp oib jmbg emso egn rodne
        rodné resident nric abn ssnr sozialversicherungsnummer svnr versicherungsnummer pan npi снилс инн
        паспорт
        """

    private static let birthWords: StaticString = """
        born birth birthdate birthday dob dateofbirth geboren geburtsdatum geburtstag geb née né nee ne
        naissance nacido nacida nacimiento nacio nato nata nascita nascido nascida nascimento geboortedatum
        urodzony urodzona urodzenia fodt født född fodelsedatum syntynyt syntymaaika родился родилась
        рождения γεννήθηκε 生年月日 出生 생년월일
        """

    private static let bankWords: StaticString =
        "bic swift swiftbic iban bank banking beneficiarybank bankcode"

    private static let cardWords: StaticString = """
        card cards pan visa mastercard maestro amex discover jcb diners unionpay creditcard debitcard karte
        kreditkarte carte tarjeta carta cartao kaart karta cc
        """

    private static let coordinateWords: StaticString = """
        coordinate coordinates coords coord gps location position lat latitude lng lon long longitude geo
        latlng latlon latlong koordinaten coordonnees coordenadas coordinate
        """

    private static let referenceWords: StaticString = """
        ref refs reference references order orders invoice invoices part pn sku item serial batch lot ticket
        case tracking build version versions rev revision commit model article product rma po asset id ids
        uuid guid hash checksum transaction txn trace span request job row line page seq sequence event
        timestamp ts epoch unix isbn ean upc gtin issue bug bestellung bestellnummer auftrag rechnung
        rechnungsnummer artikel referenz commande facture pedido factura ordine fattura fatura bestelling
        factuur zamowienie faktura port pid counter count total amount quantity
        """

    private static let partyWords: StaticString = """
        from to caller callee called sender recipient destination originator contact customer user
        """
}
