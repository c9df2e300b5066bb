"""English word lists that items and chats are made from."""

from __future__ import annotations


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", " ").split(",") if part.strip())


THINGS = _list("""
irrigation pump, tax return, violin concerto, wind turbine, bee colony, court ruling, glacier, marathon plan,
sourdough starter, coral reef, balance sheet, telescope mirror, sewing pattern, chess opening, vaccine trial,
railway timetable, haiku, pension fund, soil sample, drum kit, mortgage, cheese cave, orbit, sailing boat,
kidney transplant, library catalogue, solar panel, folk tale, supply chain, espresso machine, quadratic form,
pottery kiln, power grid, wedding speech, tax treaty, volcano, startup budget, novel chapter, immune response,
bicycle frame, stage play, satellite image, exam schedule, bridge truss, compost heap, jury trial, fishing quota,
rental contract, piano sonata, protein fold, flood barrier, museum guide, harvest forecast, hiking trail,
insulin dose, street market, tidal lagoon, film script, border crossing, tapestry, wage bargain, rice terrace,
neutron star, school timetable, insurance claim, orchard, heat pump, dialect, cargo ship, allergy test, waltz,
customs form, beetle, parking garage, sculpture, election poll, water mill, bond yield, knitting chart, monsoon,
patent filing, ballet, fossil bed, vegetable garden, orchestra tour, hospital ward, credit score, lighthouse,
crop rotation, wildfire, cathedral, trade union, mushroom farm, jazz solo, cable car, dental plan, desert road,
census table, saddle, greenhouse, radio drama, steel mill, moss garden, tuition fee, opera house, river delta,
warehouse robot, recipe book, tunnel, language course, frost warning, art auction, dairy herd, clinic rota,
subway map, weather balloon, thesis outline, stock split, choir rehearsal, apple variety, canal lock, night shift,
property deed, rain barrel, vineyard, zoning rule, lecture hall, migration route, swim meet, antique clock,
dog breed, speech therapy, beach erosion, cookbook, flight delay, poem cycle, meteor shower, apprenticeship,
car lease, puppet show, herb garden, foundation grant, ski lift, water bill, neighbourhood watch, snow load
""")
KINDS = _list("""
abandoned, affordable, ancient, annual, autumn, battery-powered, binding, brittle, busy, candid, careful, cheap,
coastal, cold-climate, collective, compact, controversial, crowded, curved, damaged, decentralised, delayed,
dense, disputed, double, draughty, early, eastern, elastic, elderly, electric, emergency, experimental, fading,
family-run, fast-growing, flexible, floating, foreign, forgotten, fragile, frozen, gradual, half-finished,
hand-made, hidden, high-altitude, hollow, hybrid, imported, inclusive, industrial, inherited, inland, intricate,
isolated, joint, late-medieval, layered, leaking, left-handed, lightweight, local, long-lost, low-cost, lucrative,
magnetic, marginal, medium-sized, migrating, minor, mobile, modular, mountainous, multilingual, municipal, narrow,
neglected, nocturnal, noisy, northern, obsolete, offshore, open-air, overgrown, overnight, painted, partial,
patched, peculiar, pending, portable, private, profitable, provisional, quiet, radical, rain-fed, rare, rebuilt,
recycled, regional, remote, restored, reversible, rural, rusty, salted, seasonal, second-hand, secret, self-taught,
shallow, shared, silent, slanted, slow, smoky, soft, southern, spare, steep, sticky, submerged, subsidised,
sunlit, tall, temporary, terraced, thin, tropical, twin, underfunded, uneven, unfinished, unlicensed, upstream,
urban, vacant, volunteer-led, waterproof, weekly, western, wild, winter, wooden, worn, young, zero-waste
""")
PLACES = _list("""
in Lisbon, near Nairobi, outside Osaka, on Crete, in the Andes, in northern Finland, by the Danube, in Jakarta,
in a Welsh valley, around Lake Chad, in Quebec, on the Baltic coast, in Kerala, near Medellin, in Anatolia,
on Tasmania, in the Ruhr, along the Mekong, in Casablanca, near Chicago, in Galicia, in rural Poland, in Manila,
on the Faroe Islands, in Ljubljana, in the Negev, near Cape Town, in Georgia, in Hokkaido, in Brittany, in Recife,
in the Scottish Borders, near Tallinn, in Oaxaca, on Sicily, in Punjab, in central Java, by the Caspian Sea,
in Vermont, in Dalmatia, near Adelaide, in Lapland, in Accra, on Madeira, in the Po valley, in Busan, in Alberta,
near Tromso, in Transylvania, in Patagonia, in Tunis, in Flanders, near Leipzig, in Sarawak, in the Azores
""")
PEOPLE = _list("""
a retired nurse, two cousins, an apprentice, the town council, a night guard, my neighbour, a graduate student,
an old friend, a beekeeper, the finance team, a ferry captain, three siblings, a first-time buyer, a choir master,
a district judge, the harbour office, an exchange student, a tenant, a school board, a young couple, a goldsmith,
a postal worker, a field biologist, the head cook, a translator, an auditor, a glazier, a midwife, a librarian,
a bus driver, the parish, a physiotherapist, a stage manager, a surveyor, a weaver, a foreman, a violin maker,
a paralegal, a farmer, the maintenance crew, a geologist, a shopkeeper, a widow, a volunteer, a customs officer
""")
VERBS = _list("""
explain, compare, estimate, summarise, plan, justify, rank, predict, diagnose, outline, criticise, simplify,
evaluate, trace, classify, defend, prove, calculate, describe, reconcile, redesign, question, schedule, price
""")
NAMES = _list("""
Amina, Bartek, Chiara, Dmitri, Esra, Farid, Greta, Hiro, Ines, Jonas, Kwame, Leila, Mateo, Nadia, Owen, Priya,
Quentin, Rosa, Sven, Tariq, Uma, Viktor, Wanjiru, Ximena, Yusuf, Zofia, Anouk, Bela, Ciro, Dalia, Emeka, Freya
""")
GOODS = _list("""
crates of lemons, bolts of cloth, sacks of barley, tins of paint, metres of rope, train tickets, jars of honey,
bricks, roof tiles, sheets of glass, seedlings, notebooks, litres of milk, bars of soap, rolls of film, barrels,
candles, copper pipes, baskets of plums, bags of cement, loaves, lanterns, hinges, stamps, spools of thread
""")
IDENTIFIERS = _list("""
ledger, buffer, anchor, route, invoice, sensor, packet, frame, cursor, batch, voucher, parcel, ticket, roster,
shard, beacon, canvas, quota, pallet, tariff, signal, archive, lexer, gauge, harvest, mirror, chapter, payload,
carrier, cluster, digest, envelope, filter, gateway, hopper, index, journal, kernel, lease, meter, node, outbox
""")
ACTIONS = _list("""
merge, split, rotate, flush, parse, sort, prune, encode, resolve, validate, retry, dedupe, align, schedule, drain,
collect, normalise, evict, rebuild, cache, expand, compress, publish, reconcile, sample, stitch, tally, unpack
""")
QUALITIES = _list("""
accuracy, depth, clarity, tone, factual grounding, completeness, brevity, usefulness, harmlessness, coherence,
originality, instruction adherence, honesty, structure, nuance, relevance, calibration, empathy, rigour, style
""")
FACTS = _list("""
It has been like this since the spring., Nobody wrote the numbers down., The budget is about {n} euros.,
There are {n} people involved., Last year the figure was {n}., A second opinion said the opposite.,
The deadline is in {n} days., The first attempt failed after {n} hours., Half of the parts are missing.,
It weighs roughly {n} kilograms., The contract runs for {n} more months., It only happens when it rains.,
We measured {n} millimetres at the lower end., The previous owner kept no records., It must stay open at night.,
An inspector is due on the {n}th., About {n} percent was lost on the way., They want it in writing.,
The older part dates from 19{n}., Two of the {n} samples came back positive., The neighbours object.,
It costs {n} a month to keep., The manual mentions none of this., It was moved {n} metres to the north.
""")
