"""The words that identify categories, in many European languages, Malay, Turkish and those of East Asia.

A word stands for itself and its plural; a trailing `*` also lets it begin a longer word; `-` joins adjacent words; a
leading `~` marks a weak word, which other trades also use, and `^` one that counts only in a seller's name. Case and
accents do not matter.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "Meals & Entertainment": """
        καφε* εστιατορι* ταβερνα* lokanta* kahve* etterem* kavezo* restaurace kavarna* kafe kafé 식당 카페 커피 치킨
        ^bar ^tea ^teahouse food-and-drink food-drink food-beverage restaurant* restoran* ristorante* restaurac*
        trattoria osteria pizz* cafe cafes caffe cafeteria kaffee* kaffi* coffee* kopi kopitiam bistro* brasserie*
        noodle* nasi lemak mee goreng ~chicken steak* sushi ramen burger* cheeseburger* fries fried-rice ~soup*
        kellner tisch waiter waitress ~server beer bier birra cerveza cerveja piwo lager ale stout wein ~wine vino
        vinho espresso* cappuccino latte tapas tapa menu dessert* gratuity ~tip grill gastro* cinema kino theater
        theatre toast teh milo vegetarian dine-in dinein take-away covers couverts coperto ~guest kitch kitchen
        satay dim-sum ~tea cocktail* kuche speisen ~getranke ice-cream gelato gelateria donut* sandwich* ~wrap salad
        salat eat-in thai schnitzel bratwurst pommes currywurst doner kebab* gasthaus gasthof wirtshaus biergarten
        brauerei brewery* brewing pub taproom tavern taverna diner eatery bbq barbecue seafood-restaurant buffet
        catering obcerstveni espetada srv-chg serv-chg svc-chg service-charge ~chk tbl table-no table mesa tavolo
        couvert pax cham kaya roti-canai mamak prosecco aperol spritz negroni gin-tonic mojito margarita whisky
        whiskey cider tagliatelle spaghetti lasagne risotto tiramisu carbonara pasta* penne-alla croque galette
        crepe* quiche plat-du-jour formule entree* paella tortilla albondigas croquetas churros canas pastel-de-nata
        meia-de-leite galao bica torrada pierogi zurek schabowy curry tandoori naan biryani tikka masala teriyaki
        tempura udon bento izakaya gyoza pho bao banh dumpling* wonton flat-white americano macchiato mocha frappe*
        smoothie* milkshake* scone* muffin* brownie* waffle* pancake* bagel* taco* burrito* nacho* quesadilla*
        enchilada* wings nugget* hot-dog hotdog fish-chips popcorn movie* concert* ~event bowling karaoke nightclub
        eintritt entrance-fee ~ticket-adult steakhouse pizzeria patisserie* konditorei* pastelaria* konditori*
        confeitaria cukiernia kawiarnia kavarna ravintola kahvila f&b nasi-goreng roti ayam ikan teh-tarik sirap
        limau laksa rendang char-kuey 餐厅 餐廳 餐館 餐饮 咖啡 冰淇淋 小吃 拉麵 牛肉麵 小菜 桌號 桌号 火鍋 火锅 茶餐
        饮料 飲料店 レストラン 居酒屋 食堂 定食 弁当 弃当 便當 喫茶 ラーメン 寿司 焼肉 飯店内
    """,
    "Groceries": """
        mercearia* livsmedel* dagligvarer kolonial* potraviny elelmiszer* μπακαλικο bakkal manav* fromagerie 마트
        슈퍼 편의점 茶行 茶葉 supermarket* supermarkt* hypermarket* hypermarkt supercenter hypermart minimarket
        mini-mart minimart mart ~market lebensmittel* epicerie alimentari alimentation frischemarkt ~fresh milk
        milch milk* eggs banana* bananen brot* bread* kase* cheese* joghurt yogurt yoghurt gemuse* obst kartoffel*
        tomat* vegetable* fruit* confectionery leergut pfand* nudeln quark schokolade biscuit* snack* cookies sugar
        zucker* flour mehl convenience ~water mineralwasser mineral ~coke ~cola juice* saft cereal* musli pasar*
        pasaraya runcit cash-&-carry wholesale grocer* greengrocer ~egg noodles apple apfel apples butter onion*
        zwiebel* potato* chips crisps candy chocolate* brotchen wurst* fleisch* pralinen kekse kiwi sekt salami
        schinken ham bacon beef pork hackfleisch mince lachs salmon thunfisch tuna sardine* gurke* paprika
        salatgurke mohre* karotte* carrot* lauch spinat spinach broccoli brokkoli blumenkohl avocado* zitrone*
        lemon* orange orangen mango* traube* grape* erdbeer* strawberr* himbeer* heidbeer* blueberr* birne* pear*
        peach* pfirsich* melone* melon* sahne cream creme-fraiche margarine ol olivenol olive-oil essig vinegar reis
        basmati spaghetti* honig honey marmelade jam konfiture nutella ketchup mayonnaise senf mustard ~salz ~salt
        gewurz* spice* tofu tiefkuhl* frozen toilettenpapier kuchenrolle kitchen-roll toilet-paper spulmittel
        waschmittel ~wc-papier dish-soap laundry oats hafer* lait pain oeufs beurre fromage* jambon pomme* poulet
        viande latte-intero pane uova formaggio prosciutto mele leche pan huevos queso jamon manzana* pollo aceite
        arroz leite pao ovos queijo melk kaas boter eieren aardappel* chleb mleko jaja maslo ziemniak* woda
        zielenina susu telur beras minyak gula tepung sayur sayuran bawang cili kicap sos daging kacang santan maggi
        condensed evaporated sardin nescafe margarin marjerin tissue* spritzer 100plus yakult vitagen gardenia
        sardines 超市 超商 便利店 便利商店 コンビニ スーパー 水果 牛奶 鮮乳 雞蛋 麵包 drogerie* drugstore* backerei*
        backstube metzgerei* fleischerei boulangerie* boucherie* bakery* bakker* bageri* piekarnia* padaria*
        panaderia* panetteria* fruteria* frutas supermercad* supermercat* supermarche* lebensmittelmarkt*
        getrankemarkt* feinkost delicatessen deli butcher* fishmonger* marche sklep-spozywczy spozywcz* kruidenier
        ~food-mart
    """,
    "Travel & Lodging": """
        hotell* ξενοδοχει* szalloda* otel* penzion* 호텔 hotel* hostel* motel* lodge lodging inn room-charge
        room-rate check-in check-out folio flight* flug* airline* airways airfare boarding itinerary travel* ~reise*
        bahn zugticket train-ticket night nights nachte ubernachtung* nuitee* notti noches unterkunft* albergo
        visa-fee baggage luggage passenger* fluggast pension ferienwohnung ortstaxe kurtaxe city-tax tourist-tax
        taxe-de-sejour occupancy arrival departure anreise abreise resort* suites guesthouse apartment-hotel
        e-ticket eticket booking-ref pnr amtrak eurostar sncf thalys ferry fahre cruise halbpension fruhstucksbuffet
        bed-breakfast zimmer doppelzimmer einzelzimmer camera-doppia chambre habitacion airport-hotel airbnb
        reisebyra biuro-podrozy agence-de-voyage 酒店 飯店 ホテル 旅館 航空 機票
    """,
    "Transport & Fuel": """
        cykel* cykler sykkel* sykler polkupyora* cyklo* kerekpar* ποδηλατα* bisiklet* akaryakit benzinkut 주유소
        주차 ~pump ^station ^motors ^auto ^autos entry-exit petrol* diesel* fuel* benzin* unleaded kraftstoff*
        tankstelle* litre* ~liter gasoline gallon* carburant* gazole sans-plomb gasolina gasoleo gasolio
        senza-piombo benzina combustivel paliwo parking* parkhaus* parkplatz parkgebuhr* parkschein toll maut peage
        pedaggio peaje portagem taxi* taxameter uber grab bus tram metro mrt lrt transit rail railway mietwagen
        car-rental rental-car autovermietung* garage* tyre* tire* motor-oil motorol engine-oil oil-filter olfilter
        olwechsel vidange inspektion bremse* brake* exhaust* car-wash waschanlage workshop spare-parts vehicle
        reload ron95 ron97 v-power super-e10 super-e5 adblue fahrkarte* fahrschein* einzelfahrt tageskarte
        ticket-fare fare zapfsaule* mileage autohaus werkstatt reifen* autoteile auto-parts wiper* spark-plug
        alignment mot service-station station-service servicestation sp95 sp98 tankvorgang raststatte tankstop lube*
        strassenverkehr ~ticket mobike scooter e-scooter bike-rental fietsenmakerij fahrrad* velo* fiets* binnenband
        bicycle* stationnement horodateur fuel-stop touch-n-go tng-reload smarttag highway autopista autostrada
        加油站 停車 停车 駐車場 汽油 計程車 出租车 タクシー 高速
    """,
    "Office Supplies": """
        papirnictv* papir* kirtasiye* kırtasiye* pappershandel* papelaria* kontor-artikler kontorsvaror χαρτικα*
        문구 ^print ^prints ^copy stationer* schreibwaren* papeterie* papeleria* cartoleria* cartolibreria*
        kantoorartikel* papiernicz* burobedarf* ~paper papers kopierpapier druckerpapier papier pen pens ballpen
        ball-pen biro marker* highlighter* toner* tintenpatrone* druckerpatrone* ~ink ink-cartridge cartridge*
        envelope* umschlag* briefumschlag* notebook* notizbuch collegeblock note-book folder* ordner stapler*
        staples hefter locher paper-clip clip* photostat photocop* kopien kopie copies fotokopie* bindung
        spiralbindung laminating laminate printing druckerei drucksachen copyshop copy-shop business-cards
        visitenkarten flyer* postage ~stamp* stempel courier* post-office briefmarke* deutsche-post parcel* paket
        paketporto poslaju fotocop* ruler lineal file a4 a5 a6 glue foolscap pencil* bleistift* kugelschreiber*
        eraser* radiergummi porto tape sticky post-it sticky-note correction whiteboard calculator badge lanyard
        certificate-holder ring-binder binder stylo* crayon* cahier* classeur enveloppe* timbre* colissimo
        affranchissement quaderni quaderno penne-sfera matita boligrafo* cuaderno* lapiz sobres grapas sellos
        correos caneta* caderno selos ctt schrift potlood pennen enveloppen postzegel* dlugopis* zeszyt* koperta
        znaczki poczta alat-tulis buku-latihan pembaris pen-marker dhl ups fedex hermes dpd scissor* cart-ink 文具
        影印 郵局 邮局 快递 郵便局 切手
    """,
    "Software & Services": """
        software* subscription* abonnement-logiciel licence-key license* lizenz* licentie hosting* hosted-exchange
        cloud* ~domain* saas web-services web-design webdesign aws api monthly-plan ~storage ec2 per-user seat seats
        webhosting vps app-store google-play server-hosting exchange-server pro-plan team-plan plan-monthly
        workspace backup-online ssl-certificate jaarabonnement maintenance-software it-support it-service
        rechenzentrum virtual-machine bandwidth data-transfer github gitlab jira slack zoom dropbox office-365
        microsoft-365 antivirus domainregistrierung nom-de-domaine dominio
    """,
    "Equipment & Hardware": """
        jernvare* bygg* byggvaror rautakauppa* zelezarstv* barkacs* hirdavat* hırdavat* nalbur* σιδηρικα* 철물 전자
        ~smartphone* hardware* baumarkt* werkzeug* tool tools timber papan electrical* elektr* ~cable* ~kabel*
        plywood sperrholz cement zement screw* schraub* bolt* nail nails nagel dubel paint* pipe* rohr* socket*
        steckdose* switch* bulb* lamp* ~led laptop* ~computer* monitor* keyboard tastatur maus tablet headphone*
        kopfhorer earphone* ssd hdmi usb* machine* maschine* furniture* mobel* drill* bohr* hammer* wrench* spanner*
        plumbing pvc ~brush* wire* technik* bauhaus printer* drucker charger* ladekabel ladegerat netzteil* scraper*
        adapter* sink spule thermostat screwdriver* ~rope hinge* silicon* sealant sealer steel wood* holz* lumber*
        flatscreen ~tv fernseher televis* electronics* ~surface* memory-card* sd-card appliance* battery batteries
        batterie* akku ~garden-tools farbe lack pinsel fitting* valve* faucet ~lock padlock key-cutting chain gravel
        brick* tile* fliesen mortar grout epoxy adhesive putty primer thinner turpentine roller-brush sandpaper
        grinding grinder cutting-disc disc blade* saw sage chisel plier* zange ladder leiter gloves wheel-barrow
        hose gardena schlauch extension-cord verlangerungskabel plug stecker fuse breaker mcb conduit trunking
        junction bracket* dowel washer nut-bolt rivet anchor hook zinc aluminium aluminum galvan* galv besi paku
        skru simen kayu paip wayar lampu perkakas alatan quincaillerie bricolage outillage vis perceuse ferramenta
        viti bulloni trapano ferreteria tornillo* taladro herramienta* ferragens parafuso* ferramentas ijzerwaren
        gereedschap* schroef* boor* narzedzia sruby wkrety oscilloscope multimeter instrument* instrumente sensor*
        schreibtisch burostuhl office-chair desk ~chair regal shelf shelving router modem webcam motherboard cpu gpu
        graphics-card iphone ipad macbook notebook-pc galaxy lightning kamera* camera* lens drone pompe pumpe
        bomba-de-agua pompa generator compressor ~kettle toaster microwave refrigerator fridge vacuum dishwasher
        washing-machine waschmaschine kaffeemaschine air-con rasenmaher kunststoff* plexiglas foam-board hacksaw
        五金 電器 电器 家電 電腦 电脑 工具 建材
    """,
    "Utilities & Telecom": """
        electricity* strom stromrechnung* stromverbrauch stromkosten electricite* gaz erdgas water-supply water-bill
        wasserversorgung* abwasser stadtwerke ~internet broadband fibre glasfaser mobilfunk* mobile-plan movil movel
        fibra telecom* telekom* ~prepaid phone-bill kwh electric-bill power-bill energy energie* energia elektryczna
        forfait* utility* telephone* festnetz meter-reading zahlerstand meter-no abonne dsl vdsl adsl lte sim-card
        simkarte roaming data-plan consommation eau-potable facture-d'eau consumo-elettrico bolletta luce
        gas-naturale factura-de-luz agua-consumo elektriciteit stroom gasverbruik zakelijk-internet abonament prad
        internetzugang rundfunkbeitrag 大哥大 電信 电信 電費 电费 水費 水费 瓦斯
    """,
    "Rent & Facilities": """
        ^clean* rent miete mietzins kaltmiete nebenkosten loyer lease cleaning-service office-cleaning ~cleaning
        cleaners reinigung* security-service waste* mull
         mullabfuhr* mullgebuhr* mullentsorg* entsorgung repair* reparatur* maintenance*
        ~installed facility* facilities plumber* hausmeister* alquiler arriendo affitto huur aluguel renda czynsz
        nettoyage menage pulizia limpieza limpeza schoonmaak schilderwerk locksmith schlusseldienst pest-control
        elevator storage-unit coworking leak drain rohrreinigung gardening landscaping janitorial
    """,
    "Health & Medical": """
        eczane* φαρμακ* gyogyszertar* lekarna* apteekki* 약국 병원 ~tabs pharmac* farmasi* apothe* apotek* farmaci*
        pharmacie* clinic* klinik* clinique doctor* arzt* arztin zahnarzt* dental* dentist* hospital* krankenhaus
        optic* optik* optique ottica medical* medicine* medikament* capsule* kapseln ibuprofen paracetamol panadol
        aspirin vitamin* supplement* sanitats* prescription* rezept* medic* omega* lipid diabetes* ~mg tabletten
        tablets comprimes syrup sirup bandage* pflaster plaster* health patient fullung scaling polishing x-ray
        rontgen physio* massage-therapy brille* brillen* eyeglass* contact-lens kontaktlinsen tachipirina aspirina
        nurofen apteka doliprane dafalgan consultation-fee vaccine* impfung ubat antibiotic cream-hydro herbal herb
        herbs herby ginseng concentrate chiropract* veterinar* tierarzt thermometer first-aid mask-surgical
        sanitizer 藥局 药房 药店 薬局 診所 诊所 醫院 医院 病院 藥 中藥
    """,
    "Clothing & Personal": """
        vaate* roupas giyim* odevy ruhazat* ρουχα* klader 의류 미용 ~mode overcoat raincoat clothing* clothes
        kleidung fashion* boutique* shoe shoes schuh* chaussure* scarpe zapato* shirt* t-shirt* tshirt hemd bluse
        blouse pullover* sweater hoodie hose hosen jeans dress dresses kleid rock skirt jacket* jacke mantel ~tie
        ties sock socks socken strumpf* uniform* outfitter* cosmetic* kosmetik* beauty* parfum* perfume* hair* salon
        friseur* coiffeur* barber* haarschnitt haircut peluqueria parrucchiere kapper fryzjer jewel* schmuck
        juwelier* ~watch shampoo* lotion* makeup make-up lipstick mascara skin* apparel* boots boot safety-shoe*
        slipper* sandal* mask-beauty sneaker* trainers underwear unterwasche bra belt gurtel handbag tasche ~bag
        leather leder rain-shoe deodorant deo duschgel shower-gel zahnpasta toothpaste rasierer razor nail-polish
        manicure spa tailor schneiderei dry-clean* reinigung-textil laundry-service chemises chemisier pressing
        pantalon* chemise robe veste vetement* abbigliamento camicia ropa camisa vestido roupa kleding odziez kasut
        baju tudung sunglasses lingerie cleanser serum moistur* facial 服飾 服装 服裝 鞋 美容 理髮 髮
    """,
    "Home & Retail": """
        kukka* blomster* kvetin* virag* cicek* çiçek* ανθοπωλ* nursery ~nurseries gartencenter 꽃집 household*
        haushalt* decor* deko* gift* geschenk* toy toys spielwaren* spielzeug flower* blumen* bloemen boeket bouquet
        florist* fleuriste fiori fiorista department-store warenhaus* kaufhaus kitchenware* cookware furniture-home
        sport sports sporting bathroom* ~cleaner mattress* matratze* pillow* kissen curtain* vorhang* gardine*
        bedding bettwasche ~garden* garten* hobby* craft* bastel* modelling* clay party balloon* rug teppich
        detergent* ~plate* tableware vase* candle* kerze* figures toothbrush* handtuch towel* frame bilderrahmen
        storage-box basket glass jug mug cup-set tumbler lunch-box container plant* rose bush seeds pot outdoor
        camping tent zelt schlafsack bike-helmet ball racket yoga dumbbell puzzle lego board-game doll plush
        pet-food hundefutter katzenfutter pet aquarium ornament christmas weihnacht* cushion lampshade wallpaper
        tapete moebelhaus sofa couch kommode schrank wardrobe jouet* cadeau* fleur* giocattol* regalo* juguete*
        flores prezent* zabawk* speelgoed cadeaus presente* brinquedo* mainan bunga hadiah pinggan mangkuk bakul
        雜貨 百貨 百货 玩具 花店 家居 禮品
    """,
    "Books & Education": """
        bokhandel* boghandel* kirjakauppa* knihkupectv* konyvesbolt* librer* βιβλιο* kitabevi* kitap* 서점 도서 book
        books bookshop bookstore* buchhandlung* buch bucher taschenbuch librairie* livre livres libreria* libri
        libros ksiazk* ksiegarnia ksiegar* boekhandel boek boeken livraria livro* magazine* magazin zeitschrift*
        zeitung newspaper course* seminar* training* ~school* schule tuition kurs* universit* college pruefung
        workshop-fee conference tagung paperback hardcover novel roman lehrbuch textbook lesson* class-fee
        fortbildung weiterbildung formation-continue bildung isbn kindergarten nursery-school library 書店 书店 小说
        小說 參考書 圖書 图书 書局 書籍 学校 培训
    """,
    "Professional Services": """
        consult* beratung* legal lawyer* rechtsanwalt* rechtsanwalte anwalt* attorney* solicitor* kanzlei notar*
        notaire accounting* buchhaltung* bookkeep* steuerberat* audit* ~design freelance* honorar* honoraire* labour
        labor arbeitsstunden* services-rendered professional-fee* professional-services architect* architekt* agency
        agentur translation* ubersetzung* hrs hours hours-qty stunden consulting* posters advertis* campaign
        marketing-services photography fotograf* videography logo branding copywriting engineering ingenieur*
        gutachten surveyor interpreter project-management development-services dienstleistung* prestation* asesoria*
        gestoria consultoria* consulenza* advies adviesbureau doradztwo uslugi mano-de-obra main-d'oeuvre manodopera
        seo recruit*
    """,
    "Insurance & Fees": """
        insurance* versicherung* assurance* assicurazion* seguro* verzekering* ubezpieczen* ~policy policyholder
        premium-notice bank-fee* bank-charge* kontofuhrung gebuhr* membership-fee* membership mitgliedsbeitrag*
        cotisation donation* spende* contribution* government-fee registration-fee licence-fee licence-renewal
        kommunal* bussgeld* amende* multa verwaltungsgebuhr court-fee passport visa-application annual-fee late-fee
    """,
}
