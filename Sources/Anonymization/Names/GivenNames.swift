/// Given names that are common somewhere, in Latin letters without their marks (`Łukasz` is `lukasz`).
///
/// Those of the United States are the most frequent of the 1990 census (Census Bureau, `dist.female.first` and
/// `dist.male.first`, in the public domain); the others are such as the registry offices of their countries list most often.
enum GivenNames {
    /// Hardly any of them is a word too.
    static let latin: StaticString = """
        aadhya aaliyah aarav aaron abbie abby abdel abdul abdullah abel abena abigail abraham achille ada
        adam adao addie addison adebayo adela adelaida adelaide adele adeline ademir adilson aditya adolfo
        adolph adoracion adrian adriana adrianna adrianne adriano adrien adrienne agata agatha agnes agnese
        agnieszka agnolo agostino agueda agustin ahmad ahmed ahmet aida aiden aileen ailsa ailton aimee aino
        aisha ajay akiko akira akosua alain alan alana alasdair alba albert alberta alberto albina alderano
        aldo alejandra alejandro aleks aleksandar aleksander aleksandr aleksandra aleksei aleksi aleksy
        alena alessandra alessandro alessia alex alexander alexandra alexandre alexandria alexandru alexey
        alexis alfie alfio alfonso alfred alfreda alfredo ali alice alicia alicja alina aline alisa alisha
        alison alissa alisson alistair alix alla allan allana allen allene allie allison allyson alma
        almudena alonzo alphons alphonso alta althea alton alva alvaro alvin alyce alyson alyssa ama amadeo
        amalia amanda amaya ambrogio amelia amelie amico amie amina amira amit amleto amos amparo amy ana
        anais anand ananya anastasia anastazja anders anderson andras andre andrea andreas andreea andrei
        andreia andres andrew andrey andriy andrzej andy aneta angela angelia angelica angelika angeliki
        angelina angeline angelique angelita angelo angharad angie anh anibal aniela anil anita anja anjali
        anke ann anna annabelle annalisa annamaria anne anneli anneliese annette annibale annie annika
        annmarie annunziata anouk ansaldo ante anthony antionette antje antoine antoinette anton antonella
        antonello antoni antonia antonietta antonin antonina antonio antti anunciacion aoife aparecida
        aparecido apollo apolonia araceli archie ariadna arianna arie arjun arleen arlene arline armand
        armando armida arnaldo arnaude arne arnold arnulfo artem arthur artur arturo arun arvid ascension
        asha ashlee ashleigh ashley ashok astrid asuncion atenulf athanasios attila aubrey audra audrey
        augusta augustin augusto aurelia aurelie aurelien aurora aurore ava avery avis axel ayaka ayla ayse
        azahar babatunde baccio balazs baldassare baldomero baptiste barbara barbra barry bart bartlomiej
        bartolome bartolomeo bartosz bas beata beate beatrice beatrix beatriz becky belen belinda belle ben
        benedetta benedetto benedito benicio benigna benita benito benjamin bennie benny benoit bente bento
        beppe berenice berit bernadette bernadine bernard bernardo bernd bernice bert berta bertha bertie
        bertrand beryl bessie beth bethany betsy bette bettie bettina bettino betty bettye beulah beverley
        beverly biagio bianca bilal billie billy birdie birgit birgitta bjarne bjorg bjorn blaine blake
        blanca blanche blanka blazej boaz bob bobbi bobbie bogdan boleslaw bonita bonnie boris borys boyd
        bozena brad bradford bradley brady brain bram brandi brandie brandon brayden brenda brendan breno
        brent bret brett brian briana brianna bridget bridgett bridgette brigida brigitte britney britt
        brittany brittney bronwyn brooke brooklyn bruce bruna bruno bryan bryant bryce bryon burak burton
        busra byron caio caitlin calcedonio caleb calebe calista calixto callie callum calogero calvin
        cameron camila camilla camille camillo candace candela candelaria candelario candice capucine cara
        carey cari caridad carina carissa carl carla carlene carlo carlos carlota carlton carly carmela
        carmella carmelo carmen carol carole caroline carolyn carrie carroll carson cary caryn casandra
        casey cassandra cassie catalina catarina caterina catharina catherine cathleen cathryn cathy catrina
        caua caue cecelia cecil cecile cecilia cedric celeste celestina celia celina celine celso cerys
        cesar cesare cezary chandra chantal chao charity charlene charles charlie charmaine chasity chelsea
        chelsey chen cheri cherie cheryl chester chiara chinedu chioma chita chloe chong chris christa
        christelle christi christie christina christine christophe christopher christos christy chrystal
        chuck chukwuemeka chus ciara cicero cillian cindy cipriano ciriaco cirillo claire clara clare
        clarence clarice clarisa clarissa clark claude claudette claudia claudine claudio clayton cleber
        cleiton clelia clement clementina cleo cleveland clifford clifton clint clinton clive cloe clyde
        cody coleen colette colin colleen colton coluccio concepcion concetta connie conrad constance
        constantin constanza consuelo cora corentin corey corina corine corinne coriolano cornelia cornelio
        cornelis cornelius corrado corrine cortney cory cosme costantino costanza costanzo courtney coy
        craig cristian cristiane cristiano cristina cristobal csaba curt curtis cynthia cyprian czeslaw daan
        dafydd dagmar dagmara daiane daiki damian damien damon dan dana dane dani daniel daniela daniele
        danielle daniil danilo danique danny dante danuta daphne darcy daria darin darius dariusz darla
        darlene darnell darrel darrell darren darrin darryl darwin darya daryl dave davi david davide davis
        dawid dayna deana deann deanna deanne debbie debby debora deborah debra declan deena deepa deepak
        deidra deidre deirdre delbert delfina delfino delia delilah della delma delores deloris delphine
        demetria demetrius demi dena denice denis denise deniz dennis denny derek derick derrick desiderata
        desiree desmond dessie detlef devin devon dewayne dewey dex dexter diana diane diann dianna dianne
        didier dieter dimitra dimitrios dimitris dina dino diogo dion dionisio dionne dirk divya dixie diya
        dmitri dmitry dmytro dollie dolly dolores domenico dominga domingo domingos dominic dominick dominik
        dominika dominique don dona donald donatella donato donna donnell donnie donovan dora doreen doretha
        doris dorota dorothea dorothy dorthy dottie doug douglas doyle dragan dragana duane duc dudley dulce
        dung durante dustin dwayne dwight dylan earlene earline earnest earnestine easton ebba ebony eddie
        eddy edelmira edelmiro edgar edilson edith edmond edmund edna edoardo edouard edson eduardo edvaldo
        edward edwin edwina edythe eero eetu effie efrain egidio egon egor eileen eilidh einar eirik
        ekaterina elaine elba elbert elda eldon eleanor eleanore elena eleni eleonora eleonore elfriede eli
        elia eliana eliane elias elida elif eligio elijah elin eline elinor elio elisa elisabeth elise
        elisha eliza elizabeth elke ella elladio ellen elliot elliott ellis elma elmer elnora eloa elodie
        eloisa eloise eloy elsa elsie elton elva elvia elvin elvira elvis elwood elzbieta emanuel emanuele
        emanuella emanuelly emeka emelina emerson emery emiko emil emile emilia emiliana emiliano emilie
        emilio emilly emily emine emma emmanuel emmett emperatriz emre encarna encarnacion enid enrico
        enrique enzo eoin epifanio eric erica erick ericka erik erika erin erma ermanno ermenegildo ermes
        erna ernestina ernestine ernesto ernie ernst ervin erwin eryk erzsebet esmee esmeralda esperanza
        esra essie esteban estefania estela estella estelle ester esther ethan ethel etienne etta ettore
        eugene eugenia eugenio eugeniusz eula eulalia eunice eunji eusebia eusebio eutropia eva evan evandro
        evangelina evangeline evangelista evangelos evaristo evelyn everett everton evgeni evgeny evi evie
        ewa ewald ewelina ezra faas fabia fabian fabiana fabiano fabio fabiola fabrice fabricio fabrizia
        fabrizio fahad faina faisal fannie fanny farah fatima fatma fausto fay faye fedele federica federico
        fedor felecia felicia feliciana feliciano feline felipe felisa felix fem femke feng fenna ferdinando
        ferenc fergus fern fernand fernanda fernando fiamma fidel fidela filip filippa filippo finley finn
        fiorella fiorenzo flavia flavio fleur floor floortje flora florencia florencio florian florin
        florinda florine floris flossie floyd forrest fortunata fortunato fran frances francesca francesco
        francine francis francisca franciszek franck franco francois francoise frankie franklin frantisek
        franziska fred freda freddie freddy frederic frederick frederik fredrick fredrik freida freja freya
        frieda friedrich fulgencio fulvio gabor gabriel gabriela gabriele gabriella gabrielle gabrielly gael
        gaetano gage gaia gail galasso gale galina ganesh gang gareth garland garrett garry gary gaspar
        gaspare gaston gastone gavin gayla gayle geeta geir gemma gena geneva genevieve genoveva geoff
        geoffrey georg george georgette georgina georgios gerald geraldine geraldo gerard gerardo gerd gerda
        gergely gerhard geri germaine geronimo gerrit gerry gertrude gertrudis gervasio gheorghe giacomo
        giada gian gianfranco gianluca gianmarco gianna gianni gianpaolo gijs gilbert gilberto gilda giles
        gilles gilmar gilson gina ginette ginevra gino gioachino gioele gioia gionata giorgia giorgio
        giorgos giovanna giovanni girolamo gisela gita giuditta giulia giuliana giuliano giulietta giulio
        giuseppe giuseppina gladys gleb glenda glenn glenna gloria goffredo goldie gonzalo gopal goran
        gordon gottfried gracie graciela grady graham grainne grayson graziano graziella grazyna greco greg
        gregg gregoire gregorio gregory greta gretchen grethe grigory griselda grover grzegorz guadalupe
        guarino guenter guglielmo guido guilherme guillaume guillermo gunter gunther gus gussie gustav
        gustave gustavo gustaw guus guusje gwen gwendolyn gyorgy haakon hakon hal haley halil halina hallie
        halyna hamid hamish hamza hana hanife hanna hannah hanne hannelore hans harald hari harish harlan
        harley harold harriet harriett harrison harry hartmut haruka haruki haruto harvey hasan hassan
        hatice hattie haydee hayden hayley hector heidi heike heikki heinrich heinz heitor helen helena
        helene helga helio heliodora helmi helmut heloisa hendrik hendrika henk henri henrietta henriette
        henrik henrique henry henryk herbert heriberto herman hermann hermenegildo herminia hernando herve
        hester hidde hilario hilary hilda hilde hildegard hillary hina hiram hiroshi holden holger hollie
        homer honore horace horacio horst hortencia hortensia howard hubert huda hudson hugh hugo hui
        humberto hung huong huseyin hussein hyejin hyun ian iara ibrahim ida ifeoma iga ignacio ignacy
        ignazio igor ila ilaria ileana ilene ilona ilse ilya imelda imogen imogene imre ina indy ines inez
        inga inge inger ingo ingrid inmaculada ioana ioannis iola iolanda ion ionut ippazio ira irena irene
        irina irma irmgard irvin irving iryna isa isaac isabel isabella isabelle isabelly isadora isaiah
        isaque isha ishaan isidro isla ismael ismail issac istvan italo itziar iva ivan ivana ivo iwona iza
        izabela jaakko jaap jacek jacinta jacinto jackie jacklyn jaclyn jacob jacopo jacqueline jacquelyn
        jacques jacquline jaden jadwiga jagoda jaime jair jake jakob jakub jamal james jami jamie jan jana
        jane janell janelle janet janette janice janie janina janine janis janna janne jannie jannik janos
        janusz jaqueline jared jari jaroslav jaroslava jaroslaw jarrod jarvis jasmijn jasmin jasmine jason
        jasper javier jayden jayne jayson jean jeanette jeanie jeanine jeanna jeanne jeannette jeannie
        jeannine jeferson jeff jefferson jeffery jeffrey jeffry jelena jelle jemima jena jenaro jenifer
        jenna jennie jennifer jenny jens jerald jeremi jeremiah jeremy jeri jermaine jeroen jerome jeronimo
        jerri jerzy jesper jess jesse jessica jessie jet jewel jewell jie jiho jihoon jill jillian jim
        jimena jimmie jimmy jip jiri jisoo jitka jiwoo joakim joan joana joann joanna joanne joao joaquim
        joaquin job jocelyn jodi jodie jody joe joel joep joesph joey johan johann johanna johannes john
        johnathan johnnie johnny jolanda jolanta jolene jon jonas jonathan jonathon joni joost jordana jordi
        jordy jorge jorgen joris jorrit jort jose josef josefa josefina josep joseph josephine josette josh
        joshua josie josip jovan jovita joyce jozef jozsef juan juana juanita judi judit judith judy juha
        jukka jule jules julia julian juliana julianna julianne juliano julie julien juliet julieta juliette
        julio julita julius juliusz jun junho junior jurgen jurre jussi justin justina justine justyna juul
        jyoti kaarina kabir kacper kaden kaique kaitlin kaitlyn kaito kaja kajetan kalina kamil kamila
        kamilly kara kare kareem karel karen kari karim karin karina karl karla karol karolina karthik karyn
        kasey kasper katalin katarina katarzyna kate katelyn katerina kateryna katharina katharine katherine
        katheryn kathi kathie kathleen kathrin kathrine kathryn kathy katie katina katrin katrina katy kaua
        kavita kavya kaye kayla kaylee kazimierz kazuki kees keiko keisha keith kelley kelli kellie kelly
        kelsey kelvin kemal ken kendall kendra kendrick kenji kenneth kenny kent kenya keri kermit kerri
        kerry kerstin kevin khadija khaled khalid kian kike kiki kimberlee kimberley kimberly kinga kiran
        kirill kirk kirsten kirsty kitty klaas klara klaus knut koen kofi konrad konstantin konstantina
        konstantinos kornel kornelia kostas kris krishna krista kristen kristi kristie kristin kristina
        kristine kristoffer kristopher kristy krisztian krisztina krystal krystian krystle krystyna
        krzysztof ksawery ksenia kubra kumiko kurt kwame kwesi kyan kyara kyle lacey lacy ladislav ladonna
        laerke laetitia lais lajos lakeisha lakesha lakisha lakshmi lamar lamont lan lana lance lando landon
        lara larisa larissa larry lars lashonda lasse laszlo lata latanya latasha latisha latonya latoya
        latrice laura laure laureano laurel lauren laurence laurent lauri laurie laverne lavinia lavonne
        lawanda lawrence layla lazaro lazzaro lea leah leandro leann leanna leanne lee leeann leena lei leif
        leigh leila leire lela leland lelia lena lenka lenn lennart lenora lenore leo leocadia leocadio
        leola leona leonard leonardo leone leonid leonie leonor leopoldo leroy lesa lesley leslie lessie
        lester leta letha leticia letitia letizia levi lewis leyre liam liana libby liberto licia lidia
        lieke lieselotte ligia lila lilia lilian liliana lillian lillie lilly lina linda lindsay lindsey
        linh linnea lionel lisa liv livia liwia liz liza lize lizzie lizzy lloyd lodovico loes logan lois
        lola lolita lone lonnie lora loraine loredana loren lorena lorene lorenzo loretta lori lorie lorna
        lorraine lorrie lothar lotte lottie lou louella louie louis louisa louise lourdes lowell loyd luan
        luana luann luc luca lucas lucca lucia luciana luciano lucie lucien lucila lucile lucilla lucille
        lucinda lucio lucja lucjan lucrezia lucy lucyna ludmila ludovic ludovica ludovico ludvig ludwik
        luella luigi luigina luigino luis luisa luisina luiz luiza luka lukas lukasz luke lula lupe luther
        luuk luz luzia lydia lyle lynda lynette lynn lynne lynnette lyudmila maarten maartje mabel mable
        macarena macario maciej mack mackenzie maddalena maddox madeleine madeline madelyn madge mads mae
        magdalena maggie magnus mahesh mahmoud mai maicon maite maja makayla makoto maksim maksymilian
        malcolm malgorzata malik malin malinda mallory malwina mamie mandy manfred manlio manoel manoj
        manola manon manuel manuela mara marc marcantonio marcel marcela marcelina marcella marcelle
        marcello marcelo marci marcia marcial marcie marcin marcio marco marcos marcus marcy marek margaret
        margarete margaretha margarida margarita margaux margery margherita margie margo margot margret
        marguerite mari maria mariam marian mariana mariane marianna marianne mariano maribel maricela
        maricruz marie marieke marietta marija marika mariko marilyn marina mario marion marisa marisela
        marisol marissa maristela marit maritza mariusz marja marjolein marjorie marko markus marla marlene
        marlin marloes marlon marquita marsha marta martha marthe martijn martin martina martine martino
        marty marva marvin mary maryam maryann maryanne marybeth maryellen marylou maryse massimiliano
        massimo mateo mateus mateusz matheus mathew mathieu mathilda mathilde mathis matias matilda matilde
        mats matt matteo matthew matthias matthieu matti mattias mattie mattis maud maude maudie maura
        maureen maurice mauricio maurilio maurine maurizio mauro maurycy maverick mavis maxim maxima maxime
        maximilian maximino maxine maxwell maynard mayra meagan meena meera mees megan meghan mehmet melania
        melanie melba melchiorre melchor melinda melisa melissa mellisa melva melvin meredith merle merve
        meryem mette mia micah michael michaela michal michalina micheal michel michela michelangelo michele
        michell michelle mickey mieczyslaw miguel miguela mihaela mihai mikael mike mikhail mikkel mikko
        mikolaj mila milagros milan mildred milena milica millard millicent millie milo milou milton mina
        mindy minerva minho minji minjun minna minnie miranda mirco mireia mirella miriam mirjam mirko
        miroslav miroslaw mirta mirthe misaki mitchell mitzi modesta modesto mohamed mohammad mohammed mohit
        moises mollie molly mona monica monika monique monte montserrat monty morena morgan moritz morris
        morten moses muhammad muhammed mukesh murat muriel murilo murray mustafa mykola myla myra myrna
        myron myrtle nabil nadezhda nadia nadine nan nanami nancy nandini nanette nanni nannie naoki naoko
        naomi napoleone narciso nash nasser natalia natalie nataliya nataniel natascia natasha natasza
        nathalie nathan nathaniel naveen nayara nazaret neal ned nedda neha neil nela nelda nell nellie
        nelly nelson nerea nereida nestor nettie neva nevaeh ngozi nguyen niamh nicanor nicholas nichole
        nick nickolas nico nicodemo nicola nicolae nicolas nicole nicoletta nicolo nidia niek niels nienke
        nieves nigel nikhil nikita nikki niklas nikodem nikola nikolai nikolaos nikos nils nilson nilton
        nina nino nisha nita noa noah noe noel noelia noelle noemi noemie nola nolan nona noor nora norbert
        noreen noriko norina norma norman norris noud nour nova nuria nydia nynke obdulia oceane octavia
        octavio odalis odell odessa odette odile ofelia oisin oksana ola olaf olalla ole oleg olegario
        oleksandr oleksandra olga olgierd olimpia oliver olivia olivier oliwia oliwier ollie olof olumide
        oluwaseun omar omer ondrej onni opal ophelia ora orion ornella orville osama oscar oskar oskari
        osman osmar ostap osvaldo otavio otilia otis ottavia ottavio otto ottone owain owen oystein oyvind
        pablo padma padraig paige paivi pallavi paloma pam pamala pamela panagiotis pansy paola paolo
        paraskevi parvati pascal pascual pasqual pasquale pastora patrica patrice patricia patricio patrick
        patrizia patrizio patrycja patryk patsy patti patty paul paula paulette paulina pauline paulo pavel
        pawel pearlie pedro peggy pekka pellegrino penelope pepijn percy perla perry petar pete peter petr
        petra petri peyton phil philip philipp philippe philippine phillip phoebe phuong phyllis pia piedad
        pien piera piergiorgio pierluigi piero pierre piers piersanti piet pieter pietra pietro pilar pim
        pina piotr pippa pirjo plinio pola polina polly pompeo pomponio ponce pooja poppy porfirio pradeep
        prakash prasad praveen preeti preston primitiva primitivo priscilla priya prudencio przemyslaw
        puccio puck purificacion qiang quentin quincy quinn quinten quinton rachael rachel rachelle radek
        radha radoslaw rae rael raf rafael rafaela rafal raffaele raffaella ragnhild rahman rahul raimondo
        raimunda raimundo rainer raisa raissa raj rajesh rakesh ralf ralph raluca ramazan ramesh ramiro
        ramon ramona ramzi rana randal randall randi randolph randy rania raphael raquel rashid rashmi
        rasmus raul ravi raymond rayssa reba rebeca rebecca rebekah recep reem reggie regina reginald
        reginaldo reina reinaldo reinhard rekha rembrandt remedios remi remigio remo remy rena renae renan
        renata renate renato rene renee rens renske renzo retha reuben reva rex reyna reynaldo rhea rhoda
        rhonda rhys ricardo riccardo richard rick rickey rickie ricky rico rigoberto riitta rik rikke riley
        rimma rita ritu ritva roan robbie robert roberta roberto robson robyn rocco roch rochelle rocio
        rocky rod roderick rodger rodney rodolfo rodrigo roel rogelio roger rogerio rohan rohit roisin
        roksana roland rolando rolf romain romano romeo romolo romy ron ronald ronaldo ronda ronnie roos
        roosevelt roque rory rosalee rosalia rosalie rosalina rosalind rosalinda rosalva rosalyn rosangela
        rosanna rosanne rosaria rosario rosaura roscoe roseann rosella rosemarie rosemary rosenda rosendo
        rosetta rosie rosina roslyn ross rossana rowena roxana roxane roxanne roxie roy royce rozalia ruairi
        ruan ruben rubens rudolf rudolph rudy rufina rufino rufus ruggero rune rupert ruperta ruperto ruslan
        russel russell ruthie ruud ryan ryker ryszard saanvi saar sabina sabine sabrina sachiko sadie saeed
        saga sakura salim sallie sally salma salman salome salvador salvatore salvi salvio sam samanta
        samantha sami samir samira sammie sammy samuel sana sandeep sander sandor sandra sandrine sandro
        sandy sangeeta sanjay sanne sante santino santosh sara sarah sari sasha satish satoshi saturnina
        saturnino saul saundra saverio scot scott scotty seamus sean sebastian sebastiao sebastien seema
        selena selin selina selma sem senna seojun seoyeon serena serge sergei sergey sergio serhiy serife
        seth severine severino severo shalini shana shane shankar shanna shannon shari sharlene sharon
        sharron shaun shauna shawn shawna sheena sheila shelby sheldon shelia shelley shelly sheree sheri
        sherman sherri sherrie sheryl shilpa shirley shiva shonda shota shweta siddharth sidney siegfried
        siem sigfrido sigge signe sigrid siiri silas silke silvana silvano silvestre silvia silvio simon
        simona simone sindre sinead siobhan sioned siri sita sjoerd skylar slawomir smita sneha snezana
        socorro sofia sofie sofiya solange sole soledad solomon solveig sonal sondra sondre sonia sonja
        sonya sophia sophie soraya soren sosimo sota souad spencer spyridon srinivas stacey staci stacie
        stacy stan stanislav stanislaw stanislawa stanley stefan stefania stefanie stefano stein stella
        stelvio stephan stephane stephanie stephany stephen sterre steve steven stewart stijn stuart subhash
        sue sujin suleyman sultan sumit sunil sunita suresh susan susana susanita susanna susanne susie
        suzanne suze suzette svein sven sverre svetlana swati sybil sylvester sylvia sylvie sylwester sylwia
        szabina szabolcs szymon tabatha tabitha tadeusz taina takashi takuya tamara tamas tameka tamera tami
        tamika tammi tammie tammy tamra tania tanisha tanja tanvi tanya tara taras tarek tariq tarquin taryn
        tasha tatiana tecla ted teddy temistocle teodora teodoro teofila teofilo tere terence teresa
        teresita tereza terezinha teri terje terra terrance terrell terrence terri terrie terry tess tessa
        tetsuya teun thaddeus thais thales thao thelma theo theodora theodore theresa therese thi thiago
        thibault thibaut thierry thijmen thijs thomas thorsten thurman tia tiago tibor tiburcio ties tiina
        tijn tillie tim timmy timo timoteo timothee timothy timur tina tiphaine tisha tito tiziana tiziano
        tobias tobiasz toby todd tola tom tomas tomasz tommaso tommie tommy tomoko ton tone toni tonia
        tonino tony tonya tori toribio torquato torsten tove tracey traci tracie tracy trang trent treva
        trevor tricia trina trini trinidad trisha tristan trond troy trudy tuan tullia tunde tuomas turid
        tuula tuulikki tuva twan twila tygo tymon tymoteusz tyrone tyson ubaldo uberto ugo uliana ulla
        ulrich ulrike ulysses umar umberto unni ursula urszula usha ute uwe vaclav vadim vagner vajen
        valarie valdir valentim valentina valentino valeria valerie valerio valery valmir valter vandana
        vanderlei vanesa vanessa vanni vasile vasileios vasiliki vasyl vaughn veere veerle velma venancio
        venceslao venkatesh venla vera vern verna vernon veronica veronika veronique vicente vicenzo vicki
        vickie vicky victoire victor vidar vihaan vijay vikram viktor ville vilma vince vincent vincenza
        vincenzo vinicios vinicius vinod viola virgie virgil virgilio virgina virginie viridiana vishal
        visitacion vitaly vito vitor vitoria vittore vittoria vittorio vivaldo vivek vivian viviana vladimir
        volker volodymyr vonda vyacheslav wagner waldemar walid wallace walter waltraud wanda warren wayne
        wenche wendell wendi wendy werner weronika wesley weston whitney wieslaw wieslawa wiktor wiktoria
        wilbert wilbur wilda wiley wilfred wilfredo wilhelmina willa willard willem willemijn willi william
        williams willian willie willis wilma wilson wilton wim wincenty winifred winnie winston witold
        wladyslaw wojciech wolfgang woodrow wouter wyatt xander xavi xavier xia xiao ximena yago yaiza yana
        yannis yara yaroslav yash yasmin yasmine yaw yesenia yessica yfke ygor ying ylva yoko yolanda yong
        yousef youssef yui yuki yulia yuliya yumiko yuna yuri yusuf yusuke yuto yves yvette yvonne zacarias
        zacharie zachary zaid zaida zain zainab zaira zane zara zaynab zbigniew zdenek zehra zelda zelma
        zeynep zhanna ziad zinaida zion zoe zoey zofia zoltan zoraida zoran zsolt zsuzsanna zuzana zuzanna
        zygmunt
        """
}
