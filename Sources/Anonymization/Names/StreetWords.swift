/// The words of street addresses.
///
/// English ones are the street suffixes and secondary units of the United States Postal Service (Publication 28, appendices C1
/// and C2); the others are the kinds of streets that the post offices of their countries list.
enum StreetWords {
    static let prefixes: StaticString = """
        rue avenue boulevard bd bld chemin allee allees impasse quai faubourg chaussee sente venelle viale
        vicolo piazza piazzale piazzetta contrada borgo lungomare lungotevere vico salita rotonda incrocio
        calle avenida avda avd paseo plazuela carretera ronda rambla pasadizo glorieta cuesta vereda pasaje
        callejon callejuela urbanizacion alameda travesia camino calzada privada cerrada rua travessa praca
        rodovia estrada loteamento sitio chacara fazenda condominio quadra viela ladeira esplanada nucleo
        conjunto residencial largo trevo trecho favela recanto setor ulica ul aleja al aleje plac pl osiedle
        os rondo bulwar strada bulevardul calea aleea ulice namesti trg улица ул пер алл ш пр туп наб бул
        просп проспект переулок бульвар шоссе набережная площадь вулиця οδός λεωφόρος πλατεία שדרות רחוב
        شارع
        """

    static let weakPrefixes: StaticString = """
        via place cours route square passage plaza corso strada stretto canale vial acceso avinguda carrer
        jardim vila parque vale campo lago lagoa morro praia feira colonia distrito area estacao passarela
        patio viaduto aeroporto jardim av c esplanade promenade straat
        """

    static let suffixes: StaticString = """
        street streets st str avenue ave road roads rd lane ln boulevard blvd drive drives dr court ct
        terrace ter highway hwy parkway parkways pkwy crescent cres expressway expy freeway fwy turnpike
        tpke alley aly causeway cswy esplanade roadway hollow holw crossroad xrd bypass byp
        """

    static let weakSuffixes: StaticString = """
        anex annex arcade bayou beach bend bluff bluffs bottom branch bridge brook brooks burg burgs camp
        canyon cape center centers circle circles cir cliff cliffs close club common commons corner corners
        course courts cove coves creek crest crossing curve dale dam divide estate estates extension
        extensions fall falls ferry field fields flat flats ford fords forest forge forges fork forks fort
        garden gardens glen glens green greens grove groves harbor harbors haven heights hill hills inlet
        island islands isle junction junctions key keys knoll knolls lake lakes land landing light lights
        loaf lock locks lodge loop mall manor manors meadow meadows mews mill mills mission motorway mount
        mountain mountains neck orchard oval overpass park parks pass passage path pike pine pines place pl
        plain plains plaza point points port ports prairie radial ramp ranch rapid rapids rest ridge ridges
        river row route run shoal shoals shore shores skyway spring springs spur spurs square squares sq
        station stravenue stream summit throughway trace track trafficway trail trailer tunnel underpass
        union unions valley valleys via viaduct view views village villages ville vista walk walks wall way
        ways well wells yard amble broadway chase colonnade copse croft dene grange heath mere parade quay
        rise vale wharf marg nagar chowk hof gasse platz weg steig
        """

    static let units: StaticString = """
        apt apartment suite ste unit flat studio room rm floor fl bldg building dept department hngr lot
        penthouse ph trlr appartamento piano interno scala piso puerta esc bajo depto departamento oficina
        bloco apto casa sala andar lote etage appartement bat batiment porte escalier wohnung stock top og
        eg hinterhaus verdieping bus mieszkanie lok lokal д дом к корп стр кв квартира офис
        """

    /// The endings of streets that are written in one word with their names, in small letters without marks, longest first
    /// where one ends in another.
    static let endings: [StaticString] = [
        "strasse", "strase", "str", "weg", "platz", "allee", "gasse", "damm", "ufer", "steig", "pfad",
        "chaussee", "promenade",
        "straat", "laan", "steeg", "singel", "plein", "kade", "gracht", "dijk", "boulevard", "baan", "dreef",
        "hof", "ring", "pad",
        "gatan", "gata", "gaten", "vagen", "vegen", "veien", "gade", "vej", "vei", "stigen", "grand",
        "straede", "plads", "torget", "katu",
        "kuja", "polku", "utca",
    ]

    /// Words that end in one of these and are no streets.
    static let others: [StaticString] = [
        "string", "spring", "earring", "herring", "keyring", "erring", "launchpad", "notepad", "ipad",
        "thinkpad", "keypad",
        "touchpad", "gamepad", "helipad", "trackpad", "mousepad", "wordpad", "scratchpad", "umweg",
    ]

    /// Endings that other words share; what stands before them is a name.
    static let weakEndings: [StaticString] = ["park", "markt", "wal", "berg", "tie", "tor"]
}
