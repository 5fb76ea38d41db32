/// Surnames that are common somewhere, in Latin letters without their marks.
///
/// Those of the United States are the most frequent of the 1990 census (Census Bureau, `dist.all.last`, in the public domain);
/// the others are such as lead the statistics of their countries.
enum Surnames {
    /// Hardly any of them is a word too.
    static let latin: StaticString = """
        aaron abbott abe abel abernathy abraham abrams acevedo ackerman acosta adair adam adamczyk adams
        adamski addison adebayo adeyemi adkins agarwal aggarwal aguilar aguilera aguirre ahmed ahn akers
        akhtar akins albert albrecht albright aldrich aldridge alekseev alexander alexandrov alfaro alford
        ali allard allen alley allison allred almeida alonso alonzo alston altman alvarado alvarez alves
        amato ambrose ames amos anaya andersen anderson andersson andrade andre andreassen andreev andrews
        angelis angelopoulos ansari anthony antoniou antonov aoki aponte aragon araujo arellano arias
        armstrong arnaud arnold arredondo arrington arroyo arslan arthur asante ash ashby ashley askew aslan
        atkins atkinson atwood aubert aubry avalos avery avila aviles axelsson ayala aydin ayers azevedo
        aziz babb babcock babic baca bacon bae baez baggett bagley bailey bailly bain baird bak bakker
        baldwin ballard balogh banerjee barajas baran baranov baranowski barber barbier barbieri barbosa
        barbour barger barker barlow barnard barnes barnett barnhart barone barr barre barrera barreto
        barrett barrios barron barros barrow barry bartlett bartley barton basile bassett bateman bates
        batista battaglia battle bauer baumann bautista baxter beal beam beard bearden beasley beatty beaver
        beavers becerra beck becker beckman beebe begay begum belanger belcher bellamy bellini belov beltran
        belyaev benavides bender benedetti benedict bengtsson benitez benjamin bennett benoit benson bentley
        benton berg berge berger bergeron berglund bergman bergmann bergstrom bermudez bernal bernard
        bernardi bernstein bertrand besnard betts beyer bhatia bhatt bianchi bianco biggs bigot billings
        bingham bishop bjork blackburn blackman blackmon blackwell blair blake blalock blanc blanchard bland
        blank blankenship blanton blaszczyk blaziak bledsoe blevins blin bliss bloom blount blum boateng
        bodin boehm boer boggs bohm bolden boles bolton bondarenko bonilla bonner bonnet booker boone booth
        borden borges borisov borkowski borowski bos bosch bose bosman boston boswell bouchard boucher
        bouchet boudreaux boulay bourgeois bousquet bouvet bowden bowen bower bowers bowles bowling bowman
        bowser boyce boyd boyer boykin boyko boyle boyles braden bradford bradley bradshaw brady bragg brand
        brandon brandt brannon brantley braswell braun bravo braxton bray brennan breton brewer brewster
        bridges briggs britt britton brock broussard brouwer browne browning bruce brun bruner brunet bruno
        brunson bryan bryant bryson brzezinski buchanan buckley buckner bui bullard bullock bunch burch
        burger burgess burgos burke burkett burkhart burks burnett burnette burnham burns burr burrell
        burris burroughs burrows burt burton busby busch butcher butler butts byers bynum byrd byrne
        caballero cabrera cahill cai cain caldeira calderon caldwell calhoun call callahan calloway calvert
        calvo camacho camara camargo cameron campbell campelo camus cannon cano cantrell cantu cao capps
        caputo carbone carbonell cardenas cardona cardoso cardwell carey carlisle carlson carlton carmichael
        carmona carney caron carpenter carpentier carr carrasco carre carrier carrillo carroll carson
        cartwright caruso carvalho carver casado casey cassiano cassidy castaneda castillo castro cates
        cattaneo caudill cavalcanti cavazos celik cerny cervantes cetin chacon chamberlain chambers
        champagne champion chandler chaney chang chapman chappell charles charpentier chatman chatterjee
        chaudhry chauhan chauvin chavez cheek chen cheng chester cheung chevalier childers childress childs
        chin chmielewski cho choi chopra chow chowdhury chretien christensen christiansen christie
        christopher chu chung cieslak cirino cisneros cisse clark clarke clayton clement clements clemons
        cleveland clifford clifton cline clinton coates coats cobb cochran cody coffey coffman cohen coker
        colas colbert coleman coles coley collet collier collins colombo colon colvin combs comer compton
        conceicao conklin conley conn connell connelly conner connolly connor connors conrad constantin
        conte conti contreras conway cooke cooley coon cope copeland coppola corbett corbin corcoran
        cordeiro cordero cordier cordova corley cormier cornelius cornell cornett corona coronado corral
        correa correia cortes cortez costantini coste costello cote cotton cottrell couch coulter courtney
        cousin couture covington cowan cox coyle crabtree craft craig crain cramer crandall crawford
        crenshaw crespo crews crocker crockett cronin crook crosby crouch crow crowder crowe crowell crowley
        crum crump cuenca cuesta cuevas cullen culver cummings cummins cunha cunningham curran currie curtis
        cutler cyr czarnecki daal dabrowski dahl daigle dailey daley dalton daly dam dang daniel daniels
        danielsson dantas darby darden darling darnell daugherty davenport david davidson davies davila
        davis davison davydov dawkins dawson deal decker dejesus dekker delacruz delaney delannoy delarosa
        delattre delaunay deleon delgado delmas delong delorme demir dempsey deng denis dennis dennison
        denny denson dent denton desai descamps deschamps devaux devine dewitt diallo dias diaz dick dickens
        dickerson dickey dickinson dickson didier dietrich dietz diez diggs dijk dijkstra dill dillard
        dillon ding diop dixon djordjevic dmitriev dobbins dobbs dobson dodd dodge dodson doe dogan doherty
        dolan dominguez donahue donaldson donati dong donnelly donovan dooley dorado doran dorsey doss
        dotson doty dougherty douglas dove dow dowdy downey downing downs doyle dozier draper driscoll
        driver drummond duarte dube dubey dubois dubose duda dudek dudley duff duffy dufour dugan dukes
        dumas dumitru dumont dunbar duncan dunham dunlap dunn duong dupont dupree dupuis dupuy duran durand
        durham dutta dutton duval duvall dvorak dwyer dye dyer dykes easley eason eastman eaton echols
        eckert eddy edmonds edmondson edwards egan egorov eklund elder eldridge elias elkins elliot elliott
        ellis ellison elmore emerson emery endo engel engle engstrom ennis enriquez epperson epps erickson
        eriksen eriksson ernst ervin erwin escobar escobedo espana esparza espinosa espinoza esposito
        esquivel esteban estes esteves estevez estrada eubanks evans everett evrard ewing exposito eze ezell
        fabbri fabre fagan fair fajardo falcon fall faria farias farina farkas farley farmer farouk farr
        farrell farris faulk faulkner faure faust fedorov fekete felder feldman feliciano felix felton feng
        fenton ferguson fernandes fernandez ferrand ferrandez ferrara ferrari ferraro ferreira ferrell
        ferrer ferretti ferri ferris figueiredo figueroa filippov finch fink finley finn finney fiore
        fischer fitch fitzgerald fitzpatrick flaherty flanagan fleming fletcher fleury flint flood floyd
        flynn fogaca foley fonseca font fontaine fontana fontenot foote forbes foreman forrest forsberg
        foster fountain fournier fowler francis franco francois franke franklin franks fraser frazier
        frederick fredriksson freeman freire freitas frey friedman friedrich friend fritz frolov fry frye
        fuchs fuente fuentes fugate fujii fujita fujiwara fukuda fuller fulton funk gabriel gage gagne
        gagnon gaillard gaines gajda gajewski galan galindo gall gallagher gallardo gallego gallegos galli
        gallo galloway galvan galvao galvez gamble gamez gao garcia gardner garland garner garnier garrett
        garrido garrison gary garza gascon gaston gatti gauthier gautier gee geiger gentile gentry george
        georges georgiou gerard gerritsen gheorghe ghosh gibbons gibbs gibson gifford gil gilbert giles gill
        gillespie gillet gilliam gillis gilmore gimenez giordano gipson girard giraud giuliani givens glass
        gleason glenn glover glowacki goddard godfrey godoy godwin goff goins goldberg goldman goldsmith
        goldstein gomes gomez goncalves gonzales gonzalez goodrich goodson goodwin gordon gore gorman gorski
        goss gosselin goto gould graaf grabowski grady graf graham granados granger grassi grasso graves
        grayson greco greenberg greene greenwood greer gregg gregory grenier grier griffin griffith
        griffiths griggs grigoriev grimes grimm groen groot gros gross grossman grove grover groves grubb
        grubbs guenther guerin guerra guerrero guevara guibert guichard guidry guijarro guillaume guillet
        guillon guillory guillot guimaraes gunn gunnarsson gunter gunther guo gupta gusev gustafson
        gustafsson guthrie gutierrez guyot guzman haan haas hackett haddad hadley hagan hagen hager hahn
        haines hairston hajek hakansson hale haley halvorsen ham hamalainen hamby hamdan hamel hamilton
        hamlin hamm hammer hammond hamon hampton han hancock handy haney hankins hanks hanley hanna hannah
        hansen hanson hansson harada harden hardin harding hare hargrove haring harman harmon harper harrell
        harrington harris harrison hart hartley hartman hartmann harvey hasegawa hashimoto haskins hassan
        hastings hatch hatcher hatfield hathaway haugen hawk hawkins hawley hawthorne hay hayashi hayden
        hayes haynes hays haywood healy heard hearn hebert hedrick heikkinen heinrich heller helms helton
        hemphill henderson hendricks hendrickson hendriks hendrix henley henri henriksen henriksson henry
        hensley henson herbert heredia herman hermans hernandez herndon herrera herrero herring herrington
        herrmann herron hervas herve hess hesse hester hewitt hickey hickman hicks hidalgo higgins hightower
        hilliard hillman hilton hinds hines hinkle hinojosa hinson hinton hirsch hoang hoarau hobbs hobson
        hodge hodges hoekstra hoff hoffman hoffmann hofmann hogan hogue holbrook holcomb holden holder
        holley holliday hollingsworth hollis holloway holm holman holmes holt honeycutt hood hooker hooper
        hoover hopkins hopper horak horn horne horner horton horvat horvath hoskins hossain hough houser
        howard howe howell hoyt huang hubbard huber hubert huddleston hudson huerta huet huff huffman
        huggins hughes huisman hull humbert humphrey humphries huntley hurd hurley hurst hurt hurtado
        hussain hussein huston hutchins hutchinson hutchison hutton huynh hwang hyatt ibanez ibarra ibrahim
        iglesias ikeda ilic ilyin imbert ingram iniesta inman inoue ionescu ionita iqbal irvin irving irwin
        isaac ishii ishikawa islam ito ivanov ivanova ivey iyengar iyer izquierdo jablonski jacob jacobs
        jacobsen jacobson jacques jacquet jaeger jaen jager jahn jain jakobsson jakubowski james jamison
        jang janiec jankowski jansen janssen jansson jara jaramillo jarrett jarvinen jarvis jasinski
        jaworski jean jeffers jefferson jeffries jelinek jenkins jennings jensen jeong jernigan jewell jiang
        jimenez johannessen johansen johansson john johns johnson johnston joiner jolly joly jones jong
        jonsson jorgensen joseph joshi jourdan jovanovic joyce joyner juarez judd juhasz julien jung jurado
        juric kaczmarczyk kaczmarek kaiser kalinowski kaminska kaminski kane kang kaplan kapoor kara karlsen
        karlsson kato katz kauffman kaufman kaur kaya kazmierczak kearney keen keenan keene keita keith
        keller kelley kelly kemp kendall kendrick kennedy kenney kenny kent kern kerns kerr kessler keyes
        khan khanna khoury kidd kilgore kilic kimball kimble kimura kincaid kinney kinsey kirby kirk
        kirkland kirkpatrick kiselev kiser kiss kitchen klein kline knapp knezevic knowles knox knudsen
        knutson kobayashi koc koch koehler koenig kohler kok kolodziej komarov kondo konieczny konig
        korhonen korolev koskinen koster kovacevic kovacs koval kovalenko kovalev kowalczyk kowalska
        kowalski kozlov kozlowski kraft krajewski kral kramer kraus krause kravchenko krawczyk kristensen
        kristiansen krol krueger kruger kruse kubiak kucera kucharski kuehn kuhn kuijpers kuipers kulkarni
        kumar kurt kurtz kuzmin kuznetsov kuznetsova kwiatkowski kwok kwon kyle labbe lacey lackey lacroix
        lacy ladd ladner lagarde lago laine laird lakatos lam lambert lancaster landa landers landis landry
        lang lange langford langley langlois langston lanier lara larkin laroche larsen larson larsson
        laskowski lassiter latham laurent lawrence laws lawson layton leach leal leao leary lebedev leblanc
        lebon lebreton leclerc leclercq lecomte ledbetter ledesma ledford ledoux lee leeuwen lefebvre
        lefevre legendre leger legrand lehman lehmann lehtonen leite lejeune lelievre lemaire lemke lemoine
        lemons lenoir lentz leonard leone leroux leroy leslie lester letellier leung leveque levine levy
        lewandowska lewandowski lewis li liang lilly lim linares lind lindberg linden lindgren lindqvist
        lindsay lindsey lindstrom link lipscomb lis liu livingston llamas llorente lloyd lobato locke
        lockett lockhart lockwood lofton logan loiseau lombardi lombardo longo longoria loomis looney lopes
        lopez lorenz lorenzo lott louis louro lovell lovett lowe lowery lowry loyd lozano luca lucas lucero
        ludwig lugo lujan luke lund lundberg lundgren lundin lundy lunsford luo luque lusk lutz luz lyle
        lyles lynch lynn lyon lyons macdonald macedo machado macias maciejewski mack mackay mackenzie mackey
        maclean macleod madden maddox madsen maeda maestre magalhaes magee magnusson maher mahmoud mahoney
        maier maillard maillet majewski makarov makela makinen makowski makris maldonado malhotra malik
        malinowski mallet mallory malloy malone maloney mancini manley mann manning manrique mansfield
        mansour mantovani manuel manzano marchal marchand marchetti marciniak marco marcum marcus marechal
        marek mariani maric marie marin marini marino marion markovic marques marquez marrero marsh martel
        martens martin martineau martinelli martinez martini martino martins marty mas masse massey masson
        masters mata matei mateo mateos mathews mathieu mathis matos matsuda matsumoto matthews mattson
        maurer maury maximov maxwell mayberry mayer mayes mayfield maynard mayo mays mazur mazurek mazza
        mcallister mcbride mccabe mccain mccall mccann mccarthy mccarty mccauley mcclain mcclellan
        mcclelland mcclendon mccloud mcclure mccollum mcconnell mccord mccormick mccoy mccracken mccray
        mccullough mcdaniel mcdermott mcdonald mcdonough mcdowell mcelroy mcfadden mcfarland mcgee mcghee
        mcgill mcginnis mcgowan mcgrath mcgraw mcgregor mcguire mcintosh mcintyre mckay mckee mckenna
        mckenzie mckinley mckinney mckinnon mcknight mclain mclaughlin mclean mcleod mcloughlin mcmahon
        mcmanus mcmillan mcmillian mcmullen mcnair mcnally mcnamara mcneal mcneil mcneill mcpherson mcqueen
        mcrae mcwilliams mead meade meadows means medeiros medina medley medrano medvedev meeks meer megias
        mehta meier meijer mejia melendez melnyk melo melton melvin mena menard mendes mendez mendoza
        menendez menon mensah mercado mercier meredith merino merle merrill merritt mesa mesquita messer
        messina meszaros metcalf metz metzger meunier meyer meyers meza michael michalak michalski michaud
        michel middleton mikhailov milani millan millet milligan milosevic milton mims miner minor mira
        miranda miro mirza mishra mitchell miura mixon mobley mock moeller mohr molenaar molina moller
        molnar monnier monroe montanari montano monteiro montenegro montero montgomery monti montoya
        montserrat mooney moore moraes moraleda morales moran morante morata moreau moreira morel moreland
        morelli moreno moretti morgan mori morin morozov morris morrison morrow morse mortensen morton
        moseley moser moses mosher mosley mota mott moulin moura moya moyer mroz mueller mukherjee mulder
        mullen muller mullins muniz munoz munson murakami murdock murillo murphy murray myers myles myrick
        nadeau nagy naidu nair najjar nakagawa nakajima nakamura nance napier naquin nascimento nash nasser
        nava navarro naylor ndiaye neal neely neff negri negron nelson nemec nemeth neri neumann nevado
        neves neveu newcomb newell newman newsome newton ngo nguyen nicholas nichols nicholson nickerson
        nicolas nielsen nieminen nieto nieves nikitin nikolaev nikolaidis nikolic nilsson nishimura nix
        nixon noel nogueira nolan norman norris norton norwood novaes novak novikov novoa novotny nowak
        nowakowski nowicki numbers nunes nunez nunn oakes oakley obrien ocana ochoa oconnell oconnor odell
        odom odonnell ogawa ogden oh ohara oikonomou okada okafor okamoto okonkwo okoye olah oleary oliva
        olivares oliveira oliver olivier oller olmedo olofsson olsen olson olsson olszewski oneal oneil
        oneill ordonez oreilly orlov orozco orr ortega ortiz osborn osborne ostrowski osullivan osuna ota
        otero ott otto ouellette overton owen owens owusu ozdemir ozkan ozturk pacheco padgett padilla pagan
        pagano pages paige painter pajares palacios palma palmer palmieri palomar palomino palumbo pan
        pandey papadakis papadopoulos papp paquette pardo paredes parent parham parish parisi parnell parr
        parra parrish parson parsons pascal pascual pasquier pastor pate patel patil patrick patterson
        patton paul paulson pavlov pavlovic pawlak pawlowski payet payne payton peacock pearce pearson peck
        pedersen pedro peeters peixoto pelayo pellegrini pellegrino pelletier peltier pena pendleton peng
        penn pennington peoples peral peralta perdue perea pereira perez perkins perret perrier perrin
        perrot perry person persson peters petersen peterson petit petitjean petrov petrova petrovic
        pettersen pettersson pettit petty pham phan phelps philippe phillips phipps picard pichon pickens
        pickett pierce pierre pierson pietrzak pillai pimenta pina pineau pineda pinheiro pinol pinto
        piotrowski piper piras pires pittman pitts platt plaza plummer poe pohl poirier pokorny pol polk
        pollard pollock polo polyakov ponce pons poole pop popa popescu popov popova porcel porta portillo
        porto posey pospisil postma potier pottier pou poulain poulsen powell pozo prado prater prather
        pratt prescott presley preston prevost priego prieto prins pritchard pritchett prochazka proctor
        pruitt pruvost pryor przybylski puckett puente pugh puig pujadas pujol purcell purvis putnam quero
        quesada quinn quinones quintana quintero qureshi racz rader radu ragland ragsdale rahman raines
        rainey rajput ramey ramirez ramos ramsey randall randle randolph rangel rankin ransom rao rasmussen
        ratliff raya raymond raynaud reagan reaves recio rector redd redding reddy redmond redondo reece
        reeder reese reeves regan regnier reid reilly reis remy renard renaud renault reyna reynolds rezende
        rhoades riba ribas ribeiro ribera ricci richard richards richardson richey richmond richter ricks
        rico riddle riggs righi riley rinaldi ritchie ritter riva rivas riviere rizzi rizzo roach roark
        robbins roberson robert roberts robertson robinson robison robledo robles roca rocha roche rocher
        roda rodgers rodrigo rodrigues rodriguez rodriquez roe roger rogers roig rojas roland roldan rolland
        rollins romano romanov romero romeu romo rooney roper ropero ros rosado rosales rosario rosas
        rosello rosen rosenberg rosenthal ross rossello rossetti rossi roth rouse rousseau roussel rousset
        roux rowan rowe rowell rowland roy royer ruano rubin rubio rucker rudd rudolph rueda ruff ruffin
        ruggiero ruiz rushing russ russell russo rutherford rutkowski rutledge ruzicka ryan ryu saavedra
        sabater sacristan sadler sadowski saenz saez sahin sainz saito sakamoto sala salas salazar saldana
        saleh salem salgado salinas salom salter salvador sampaio samper sampson sams samson samuel samuels
        sanchez sancho sandberg sanders sanderson sandoval sands sanford sanmiguel sanna santamaria santana
        santis santoro sanz sapp sarabia sargent sartori sasaki sastre sato saucedo saunders sauvage sawicki
        saxena schaefer schafer schaffer schmid schmidt schmitt schmitz schneider scholz schouten schreiber
        schroder schroeder schubert schulte schultz schulz schulze schumacher schuster schwartz schwarz
        scott scruggs seals sears seay sebastian segarra seguin segura seidel semenov sen seo sergeev serra
        serrano sewell sexton seymour shafer shaffer shah shaikh shannon shapiro sharma sharpe shaver shaw
        shea shearer sheehan sheets sheffield sheikh sheldon shelton shen shepard sheppard sheridan sherman
        sherrill sherwood shevchenko shimizu shin shipley shipman shipp shirley shockley shoemaker shook
        shultz siddiqui sidhu siegel sikora sikorski silva silvestri simmons simms simo simon simonnet
        simons simpson sims simsek sinclair singh siqueira sizemore sjoberg skaggs skinner slater slaughter
        sloan smalls smallwood smart smiley smirnov smirnova smit smits sneed snell snider snyder sobczak
        sobrino sokolov sokolova sokolowski sola solana soler solis soliva solomon soloviev sommer somoza
        sorensen sorenson sorokin sorrentino sosa soto sousa souza sow spangler spaulding spence spencer
        spicer spivey sprague springer squires srivastava stacy stafford stahl staley stallings stan
        stanford stankovic stanley stanton stapleton stark starnes starr staton stearns steele stein steiner
        stepanov stephens stephenson stepien stern stevens stevenson steward stewart stiles stinson stockton
        stoica stojanovic stokes stoner storey story stout stovall stover stratton strickland stringer
        stroud stuart stubbs suarez suggs sullivan summers sumner sureda sutherland sutton suzuki svensson
        svoboda swain swanson swartz sweeney sweet swenson sykes sylvester szabo szczepaniak szczepanski
        szewczyk szulc szymanski szymczak taboada tabor takacs takahashi talbot talley tanaka tang tanguy
        tanner tapia tarasov tate tatum teague teixeira tejada tejera tejero tello tena terrell terron terry
        tessier testa texier thacker thakur thayer thibault thierry thomas thomason thompson thomsen thomson
        thorne thornton thorpe thurman thurston tian tidwell tilley tillman timmermans timmons tinsley
        tipton titus tiwari tkachenko tobin todd tolbert tomas tomaszewski tome tomlinson tompkins toney
        tormo torralba torre torrecilla torrens torres torrez toth toure toussaint tovar townsend tracy tran
        traore traylor trejo trent trevino trillo triplett tripp trivedi trotter trujillo tur turpin tuttle
        tyson ullrich ulrich underwood urbanski urena uria uriarte urrutia vaillant valcarcel valderrama
        valdes valdez valenciano valentine valentini valenzuela valera valero valette valle vallee vallejo
        valles valls vang vann vaquero vara varela varga vargas varner vasconcelos vasiliev vasquez vasseur
        vaughan vaughn vazquez veenstra vela velasco velasquez velazquez velez ventura vera verdier
        verhoeven verma vermeulen vernon vesely viana vicente vick vickers vidal vieira vigil vilanova
        vilaplana villa villalba villalobos villalonga villanueva villar villarreal villegas vinas vincent
        vinogradov vinson virtanen visser vitale vitali vlachos vo vogel vogt voisin volkov vorobiev vos
        voss vries vu waddell wagner waite walczak walden waldron wallace waller wallin walsh walter walters
        walton warner warren washburn washington wasilewski watanabe watkins watson watt weathers webb
        webber weber webster weir weiss welch weller welsh werner wesley westbrook weston whalen whaley
        whatley whitaker whitehead whitfield whitley whitlock whitman whitmore whitney whitt whittaker
        whitten whittington wieczorek wiggins wikstrom wilburn wilcox wilder wiley wilkerson wilkes wilkins
        wilkinson willard willems willett william williams williamson willingham willis willoughby wills
        wilson winkler winn winslow winston winters wirth wiseman wisniewska wisniewski wit witherspoon
        witkowski witt wlodarczyk wojcik wolfe wolff wolters womack wong woodall woodard woodruff woodson
        woodward woody wooten workman worley worthington wouters wozniak wray wrobel wroblewski wu wulff
        wyatt wynn wysocki xiao xie xiong xu yadav yakovlev yamada yamaguchi yamamoto yamazaki yanez yao
        yarbrough yazzie ybarra yeager yildirim yildiz yilmaz yoder yoon yoshida yost youngblood yuan yuste
        zabala zabaleta zaitsev zajac zakharov zakrzewski zalewski zamora zamorano zapata zavala zawadzki
        zeng zepeda zhang zhao zheng zhou zhu zhukov ziegler zielinska zielinski zimmer zimmerman zimmermann
        ziolkowski zuniga zurita
        """
}
