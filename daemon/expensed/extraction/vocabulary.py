"""The words by which categories are told, in the main European languages and Malay.

A word stands for itself and its plural; `*` at its end also lets it begin a longer word, and `-` is any separator.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "Meals & Entertainment": """
        restaurant* restoran* ristorante trattoria osteria pizz* cafe café caffe kaffee* coffee* kopi
        kopitiam bistro brasserie noodle* nasi lemak mee goreng chicken steak sushi ramen burger* fries
        fried rice soup* kellner tisch waiter server beer bier wein wine espresso cappuccino latte tapas
        menu dessert* gratuity tip grill gastro* cinema kino theater theatre toast teh milo vegetarian
        dine-in dinein take-away covers guest kitch kitchen satay dim-sum tea cocktail küche speisen
        getränke confectionery-cafe ice-cream gelato donut* sandwich* wrap salad* eat-in thai
        餐厅 餐廳 餐館 咖啡 冰淇淋 小吃 拉麵 レストラン 居酒屋
    """,
    "Groceries": """
        supermarket* supermarkt* hypermarket* supercenter hypermart minimarket mini-mart mart market
        lebensmittel* epicerie alimentari fresh milk milch eggs bananas* banana brot* bread käse* joghurt
        gemüse* obst kartoffel* tomate* vegetable* fruit* confectionery leergut pfand nudeln quark
        schokolade biscuit* snack* cookies sugar flour convenience 便利商店 water coke cola juice cereal pasar*
        cash-&-carry cash-carry wholesale grocer* egg noodles apple* cheese* butter onion* potato* chips
        candy chocolate* brötchen wurst fleisch pralinen kekse kiwi sekt
        超市 超商 便利店 コンビニ スーパー drogerie* drugstore* bäckerei* metzgerei* boulangerie* boucherie*
        panaderia* panetteria* fruteria* supermercado* supermercat* supermarché* lebensmittelmarkt*
    """,
    "Travel & Lodging": """
        hotel* hostel* motel* lodge lodging inn room-charge check-in check-out folio flight* airline*
        airways boarding itinerary travel* reise* bahn train-ticket nights übernachtung* unterkunft* albergo
        visa-fee baggage passenger pension ferienwohnung
        酒店 飯店 ホテル
    """,
    "Transport & Fuel": """
        petrol* diesel fuel* benzin* unleaded kraftstoff* tankstelle* pump litre* liter gasoline carburant*
        parking parkhaus* parkplatz toll maut taxi uber grab bus tram metro mrt lrt transit rail railway
        mietwagen car-rental autovermietung* garage* tyre* tire* motor-oil car-wash workshop spare-parts
        vehicle reload ron95 ron97 super-e10 fahrkarte* ticket-fare zapfsäule*
        加油站 停車 停车 駐車場
    """,
    "Office Supplies": """
        stationer* schreibwaren* papeterie* bürobedarf* paper papers pen pens ballpen ball-pen marker* toner
        ink cartridge* envelope* notebook* folder* stapler* photostat photocop* copies postage stamp*
        courier* post-office briefmarke* deutsche-post parcel* poslaju fotocop* ruler file a4 a5 printing
        printer-paper glue foolscap pencil* eraser porto
        文具
    """,
    "Software & Services": """
        software* subscription* abonnement-logiciel licence-key license* hosting* hosted-exchange cloud*
        domain* saas web-services web-design aws api monthly-plan storage ec2 per-user seats webhosting vps
        app-store server-hosting exchange-server
    """,
    "Equipment & Hardware": """
        hardware* baumarkt* werkzeug* tool tools timber papan electrical* elektr* cable* kabel* plywood
        cement screw* bolt* nail nails paint* pipe* socket* switch* bulb* lamp* led laptop* computer*
        monitor* keyboard tablet smartphone* headphones ssd hdmi usb machine* furniture* möbel* drill*
        hammer* wrench* plumbing pvc brush* wire* technik* bauhaus printer* charger* scraper* adapter* sink
        thermostat screwdriver* rope hinge* silicone sealant steel wood* holz* lumber flatscreen tv
        electronics* hub surface* memory-card* appliance* battery batteries garden-tools schrauben
        farbe
    """,
    "Utilities & Telecom": """
        electricity* strom stromrechnung* électricité* electricite* gaz erdgas water-supply
        wasserversorgung* stadtwerke internet broadband fibre mobilfunk* telecom* telekom* prepaid
        phone-bill kwh energy energie* forfait* utility* téléphone* meter-reading abonné dsl
    """,
    "Rent & Facilities": """
        rent miete loyer lease cleaning-service reinigung* security-service waste* müll müllabfuhr*
        müllgebühr* müllentsorg* repair* maintenance* installed facility* facilities plumber* hausmeister*
    """,
    "Health & Medical": """
        pharmac* farmasi* apotheke* farmacia* pharmacie* clinic* klinik* doctor* arzt* dental* hospital*
        optic* optik* medical* medicine* capsule* ibuprofen paracetamol vitamin* supplement* sanitäts*
        prescription* rezept* medic* omega* lipid diabetes* mg tabs syrup bandage* 藥局 health
        药房 药店 薬局 診所 诊所
    """,
    "Clothing & Personal": """
        clothing* fashion* mode boutique* shoe* schuh* shirt* t-shirt* pullover* hose jeans dress* jacket*
        tie ties socks uniform* cosmetic* beauty* parfum* hair* salon friseur* coiffeur* barber* jewel*
        watch shampoo lotion makeup skin apparel* boots safety-shoe* slipper* perfume* mask-beauty sneaker*
    """,
    "Home & Retail": """
        household* haushalt* decor* deko* gift* geschenk* toy toys spielwaren* flower* blumen* florist*
        department-store warenhaus* kitchenware* furniture-home sport sports bathroom* cleaner mattress*
        pillow* curtain* garden* garten* hobby* craft* modelling* party balloon* rug detergent* plate*
        tableware vase candle* figures toothbrush*
    """,
    "Books & Education": """
        book books bookstore* buchhandlung* buch bücher librairie* libreria* magazine* magazin* zeitschrift*
        course* seminar* training* school* tuition kurs* universit*
        書店 书店
    """,
    "Professional Services": """
        consult* beratung* legal lawyer* rechtsanwalt* notar* accounting* steuerberat* audit* design
        freelance* honorar* labour labor arbeitsstunden* services-rendered professional-fee* architect*
        agency translation* hrs hours-qty consulting* posters* advertis* campaign
    """,
    "Insurance & Fees": """
        insurance* versicherung* assurance* policy bank-fee* gebühr* membership-fee* mitgliedsbeitrag*
        donation* spende* contribution* government-fee registration-fee licence-fee kommunal* bussgeld* fine
    """,
}
