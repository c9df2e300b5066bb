"""Chats in other languages than English: patterns and words for each, composed afresh."""

from __future__ import annotations

from iolaus.simulate.grammars.spin import Dice, spin

_PATTERNS: dict[str, tuple[str, ...]] = {
    "de": ("{Hallo, |Hi |}{kannst du mir|könnten Sie mir} {kurz |}{erklären|sagen}, wie {A} {B} {V}?", "Was kostet {B} {O}?", "Schreib {mir |}{eine Mail|einen Brief} an {A} wegen {B} {O}.", "{A} hat {N} Fragen zu {B}. {Was nun?|Wo fange ich an?}", "Unterschied zwischen {B} und {B} {O}", "Warum {V} {A} {B} nicht {O}? Es sind schon {N} Tage."),
    "fr": ("{Bonjour, |Salut, |}{peux-tu|pouvez-vous} m'expliquer comment {A} {V} {B} ?", "Combien coûte {B} {O} ?", "Rédige {un mail|une lettre} pour {A} au sujet de {B}.", "{A} a {N} jours pour {B} {O}. {Que faire ?|Par quoi commencer ?}", "Différence entre {B} et {B} {O}", "Pourquoi {A} ne {V} pas {B} ? Il en reste {N}."),
    "es": ("{Hola, |Buenas, |}{¿puedes|¿podrías} explicarme cómo {A} {V} {B}?", "¿Cuánto cuesta {B} {O}?", "Escribe {un correo|una carta} a {A} sobre {B} {O}.", "{A} tiene {N} días para {B}. {¿Qué hago?|¿Por dónde empiezo?}", "Diferencia entre {B} y {B} {O}", "¿Por qué {A} no {V} {B} {O}? Quedan {N}."),
    "pt": ("{Oi, |Olá, |}{você pode|poderia} me explicar como {A} {V} {B}?", "Quanto custa {B} {O}?", "Escreva {um e-mail|uma carta} para {A} sobre {B} {O}.", "{A} tem {N} dias para {B}. {E agora?|Por onde começo?}", "Diferença entre {B} e {B} {O}", "Por que {A} não {V} {B} {O}? Faltam {N}."),
    "pl": ("{Cześć, |Dzień dobry, |}{czy możesz|proszę} wyjaśnić, jak {A} {V} {B}?", "Ile kosztuje {B} {O}?", "Napisz {mail|list} do: {A}, temat: {B} {O}.", "{A} ma {N} dni na {B}. {Co teraz?|Od czego zacząć?}", "Różnica: {B} a {B} {O}"),
    "tr": ("{Merhaba, |Selam, |}{A} {B} {O} nasıl {V}, açıklar mısın?", "{B} {O} ne kadar?", "{A} için {B} hakkında {e-posta|mektup} yaz.", "{A} {N} gün içinde {B} istiyor. {Ne yapmalı?|Nereden başlamalı?}", "{B} ile {B} arasındaki fark"),
    "id": ("{Halo, |Hai, |}{tolong jelaskan|bisa jelaskan} bagaimana {A} {V} {B} {O}?", "Berapa harga {B} {O}?", "Tulis {surel|surat} untuk {A} tentang {B}.", "{A} punya {N} hari untuk {B} {O}. {Harus apa?|Mulai dari mana?}", "Beda {B} dan {B} {O}"),
    "ja": ("{すみません、|質問です。|}{A}が{O}{B}を{V}方法を教えて{ください|}。", "{O}{B}の値段は{いくらですか|どれくらい}？", "{A}に{B}についての{メール|手紙}を書いて。", "{A}は{N}日で{B}を終えたい。{どうすれば|何から始める}？", "{B}と{B}の違いは？"),
    "ko": ("{안녕하세요, |질문이요. |}{A} {O} {B} {V} 방법을 알려{주세요|줘}.", "{O} {B} 가격이 {얼마인가요|어느 정도야}?", "{A}에게 보낼 {B} 관련 {메일|편지}을 써줘.", "{A} {N}일 안에 {B} 끝내야 해. {어떻게|뭐부터} 하지?", "{B}와 {B} 차이"),
    "zh": ("{你好，|请问|}{A}{O}怎么{V}{B}？", "{O}{B}{多少钱|大概什么价格}？", "帮我给{A}写一{封邮件|封信}，关于{O}{B}。", "{A}要在{N}天内完成{B}，{怎么办|先做什么}？", "{B}和{B}有什么{区别|不同}？", "为什么{A}不{V}{O}{B}？还剩{N}个。"),
    "ar": ("{مرحبا، |السلام عليكم، |}كيف {V} {A} {B} {O}؟", "كم {سعر|تكلفة} {B} {O}؟", "اكتب {رسالة|بريدا} إلى {A} عن {B}.", "{A} لديه {N} أيام من أجل {B} {O}. {ماذا نفعل؟|من أين نبدأ؟}", "ما الفرق بين {B} و {B}؟"),
}  # fmt: skip

_WORDS: dict[str, dict[str, str]] = {
    "de": {"A": "die Nachbarin|der Verein|mein Chef|ein Lehrling|die Stadt|mein Onkel|die Lehrerin|das Büro", "B": "den Mietvertrag|die Solaranlage|das Gartenhaus|den Steuerbescheid|die Hochzeit|das Klavier|den Antrag|die Fahrradkette|den Urlaub|das Gutachten|die Küche|den Zaun|die Rechnung|das Rezept", "V": "prüft|kündigt|repariert|plant|bezahlt|verkauft|erklärt", "O": "in Kassel|am Bodensee|auf dem Land|in der Schweiz|im Winter|ohne Makler|für Anfänger|im Altbau"},
    "fr": {"A": "la voisine|mon chef|l'association|un apprenti|la mairie|mon oncle|la prof|le syndic", "B": "le bail|la chaudière|le potager|la déclaration|le mariage|le piano|le dossier|la toiture|les vacances|le devis|la cuisine|la clôture|la facture|la recette", "V": "vérifie|résilie|répare|prépare|paie|vend|explique", "O": "à Nantes|en Savoie|à la campagne|en Belgique|en hiver|sans notaire|pour débutants|dans l'ancien"},
    "es": {"A": "la vecina|mi jefe|la asociación|un aprendiz|el ayuntamiento|mi tío|la profesora|el gestor", "B": "el contrato|la caldera|el huerto|la declaración|la boda|el piano|la solicitud|el tejado|las vacaciones|el presupuesto|la cocina|la valla|la factura|la receta", "V": "revisa|cancela|repara|prepara|paga|vende|explica", "O": "en Murcia|en los Pirineos|en el campo|en Chile|en invierno|sin abogado|para principiantes|en la costa"},
    "pt": {"A": "a vizinha|meu chefe|a associação|um aprendiz|a prefeitura|meu tio|a professora|o contador", "B": "o contrato|a caldeira|a horta|a declaração|o casamento|o piano|o pedido|o telhado|as férias|o orçamento|a cozinha|a cerca|a fatura|a receita", "V": "confere|cancela|conserta|prepara|paga|vende|explica", "O": "em Recife|na serra|no interior|em Portugal|no inverno|sem advogado|para iniciantes|no litoral"},
    "pl": {"A": "sąsiadka|mój szef|stowarzyszenie|uczeń|gmina|wujek|nauczycielka", "B": "umowa najmu|kocioł|ogród|zeznanie|wesele|pianino|wniosek|dach|urlop|kosztorys|kuchnia|płot|rachunek", "V": "sprawdza|naprawia|planuje|płaci|sprzedaje", "O": "w Gdańsku|w górach|na wsi|za granicą|zimą|bez notariusza"},
    "tr": {"A": "komşum|müdürüm|dernek|bir çırak|belediye|amcam|öğretmen", "B": "kira sözleşmesi|kombi|bahçe|beyanname|düğün|piyano|başvuru|çatı|tatil|teklif|mutfak|fatura", "V": "kontrol edilir|onarılır|planlanır|ödenir|satılır", "O": "İzmir'de|dağda|köyde|yurt dışında|kışın|yeni başlayanlar için"},
    "id": {"A": "tetangga|atasan saya|koperasi|seorang magang|kelurahan|paman|guru", "B": "kontrak sewa|pompa air|kebun|laporan pajak|pernikahan|piano|permohonan|atap|liburan|anggaran|dapur|tagihan", "V": "memeriksa|memperbaiki|merencanakan|membayar|menjual", "O": "di Bandung|di pegunungan|di desa|di luar negeri|saat musim hujan|untuk pemula"},
    "ja": {"A": "近所の人|上司|町内会|見習い|市役所|叔父|先生|友人", "B": "賃貸契約|給湯器|家庭菜園|確定申告|結婚式|ピアノ|申請書|屋根|休暇|見積もり|台所|請求書|英会話", "V": "確認する|解約する|直す|計画する|払う|売る", "O": "札幌で|山の中で|田舎で|海外で|冬に|初心者向けに"},
    "ko": {"A": "이웃이|상사가|동호회가|수습생이|구청이|삼촌이|선생님이", "B": "임대 계약|보일러|텃밭|세금 신고|결혼식|피아노|신청서|지붕|휴가|견적|부엌|청구서", "V": "확인하는|해지하는|고치는|계획하는|파는", "O": "부산에서|산에서|시골에서|해외에서|겨울에|초보자용"},
    "zh": {"A": "邻居|我老板|社区|学徒|街道办|舅舅|老师|朋友", "B": "租房合同|热水器|菜园|报税|婚礼|钢琴|申请材料|屋顶|假期|报价单|厨房|发票|驾照|论文", "V": "检查|取消|修理|准备|支付|转让|解释", "O": "在成都|在山区|在农村|在国外|冬天|给新手"},
    "ar": {"A": "الجار|المدير|الجمعية|المتدرب|البلدية|خالي|المعلمة", "B": "عقد الإيجار|السخان|الحديقة|الإقرار الضريبي|العرس|البيانو|الطلب|السقف|الإجازة|المطبخ|الفاتورة", "V": "يراجع|يلغي|يصلح|يخطط|يدفع|يبيع", "O": "في القاهرة|في الجبل|في الريف|في الخارج|في الشتاء|للمبتدئين"},
}  # fmt: skip
_SPLIT = {
    lang: {key: tuple(w.split("|")) for key, w in words.items()} for lang, words in _WORDS.items()
}
LANGUAGES = tuple(_PATTERNS)


def _sentence(d: Dice, language: str) -> str:
    text = d.of(_PATTERNS[language])
    words = _SPLIT[language]
    for key in "ABVO":
        while "{" + key + "}" in text:
            text = text.replace("{" + key + "}", d.of(words[key]), 1)
    return spin(d, text.replace("{N}", str(d.number(2, 90))))


def message(d: Dice, language: str) -> str:
    """Return one to three sentences of a person who writes in `language`."""
    return " ".join(_sentence(d, language) for _ in range(1 + d.below(3) * d.below(2)))
