/// Words that often begin with a capital, in the middle of a text too, and are no part of a person's name.
enum CommonWords {
    static let capitalized: StaticString = """
        a about above account accounts action active add added address admin administrator after again
        agency agent agreement air airlines alert alerts all also amazon america american an analytics and
        android another answer any api app apple application apps april are area army art as asia asset
        assets association at attached august aus australia auto avenue back bank bar base basic be beach
        because been before below best beta between billing black blue blog board body book booking box
        branch brand breaking build building bump bus business but button by cafe call can cancel canada
        capital car card care case cash cell center central centre change changed channel chapter chat check
        checkout china christmas church city class clear click client close closed cloud club co code
        college color comment commit committee common community company complete computer conference config
        connect connection console contact content contract control cookie copy core corp corporation cost
        could council country county course court create created credit currency current customer customers
        daily dashboard data database date day days debit december default delete deleted delivery demo
        department deploy deployment design desk detail details dev development device did digital direct
        director discount do docker document domain done download draft due during each early east eastern
        edit edition education email employee enable end energy engine engineer engineering english
        enterprise entry environment error errors estate euro europe european event events every example
        exchange exit export express extra failed failure fall false family fashion feature february federal
        fee file files final finance first fix fixed flight follow food football for force form found
        foundation free french friday from front full function fund fwd game games gas gateway general
        german germany get gift git github gmail go gold good google government great green group guest
        guide had halloween happy has have he head header health help her here high his history holiday home
        hospital host hotel hour hours house how however http https human i id if image import important in
        inc incident india industries info information initial inn input install institute insurance
        integration intelligence internal international internet invoice is island issue issues it item
        items its january java job jobs join july june just keep key kernel kit lab label labs language
        large last latest law league learning legal level library license life light limited line link linux
        list live llc load local location log login logo long loss low ltd machine mail main maintenance
        make management manager map march market marketing master match matter max may me media medical
        meeting member memory menu merge message meta method microsoft min mini mobile mode model module
        monday money monitor month monthly more most motion movie ms museum music my name national native
        network new news next night no none north northern not note notes notice notification november now
        null number october of off offer office official old on one online only open operation option
        options or order orders organization other our out over owner pacific package page paid park part
        parts party pass password path patch pay payment payments paypal peer pending people per percent
        phone photo place plan platform play please plugin plus point police policy pool popular port portal
        post power premium president press preview price primary print priority private pro process
        processing product products profile program programme project promo property public publishing pull
        purchase push python quality quantity queue quick quote radio railway rate read ready real received
        recent record red redis ref reference refund region register release remote remove removed renewal
        reply report reports request required research reset resource response rest restaurant result retry
        return review rewards right road role room root route row royal rule run safety sale sales sample
        saturday save school science score screen search season second section secure security see select
        send sent september server service services session set settings she ship shipment shipping shop
        shopping show side sign signed signup simple since site size sms so social society software sold
        solution solutions some song sorry source south southern space spec special sport sports spring
        square staff stage standard star start started state statement states station status step stock stop
        storage store story stream street string stripe studio style subject submit subscription summary
        summer sunday super supply support sure survey switch system systems table tag take task tax team
        tech technical technologies technology template terms test testing tests text than thank thanks that
        the their them theme then there these they this those thread three thursday ticket tickets time
        title to today token tomorrow tool tools top total tour town toy track tracking trade training
        transaction transfer transport travel trial true trust tuesday turn tv two type uk ultra unable
        under union unit united university unknown up update updated upgrade upload url us usa use used user
        users using value vendor version very via video view virtual visit volume wallet want warehouse
        warning was watch water way we web webhook website wednesday week weekly welcome well west western
        what when where which white who why wifi will window windows winter wire with within work workflow
        world would write xml yes yesterday you your youtube zip zone ag gmbh sa sarl srl bv nv plc pty oy
        ab spa kg ohg ev inc united kingdom states emirates zealand york los san hong kong puerto rica sri
        lanka south korea saudi arabia montag dienstag mittwoch donnerstag freitag samstag sonntag januar
        februar marz mai juni juli oktober dezember ihre ihr sie wir der die das ein eine mit und oder nicht
        bitte danke vielen guten tag morgen rechnung bestellung kunde lieferung artikel lundi mardi mercredi
        jeudi vendredi samedi dimanche janvier fevrier mars avril juin juillet aout septembre octobre
        novembre decembre votre vous nous merci commande facture le la les un une des et ou lunes martes
        miercoles jueves viernes sabado domingo enero febrero marzo mayo junio julio agosto septiembre
        octubre noviembre diciembre su gracias pedido factura el los las una y o eur usd gbp chf jpy cad aud
        sek nok dkk pln czk ceo cto cfo vp hr pr qa ui ux pdf csv json html css sql ssn iban bic vat gdpr
        utc gmt cet am pm
        """
}
