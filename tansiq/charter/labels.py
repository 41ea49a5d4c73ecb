"""The words around a charter's own: headings and sentences of ``showing``, in the languages of the house."""

from __future__ import annotations

LABELS: dict[str, dict[str, str]] = {
    "ar": {
        "exercise": "تمرين", "seat": "المقر", "members": "الأعضاء", "partners": "الشركاء", "exchanges": "يتبادل",
        "rotation": "الرئاسة", "order": "الترتيب", "months": "مدة كل ولاية بالأشهر: {n}",
        "years": "مدة كل ولاية بالسنوات: {n}", "first": "اليوم الأول", "grace": "مهلة التسليم بالأيام: {n}",
        "support": "أنواع الدعم", "handling": "رموز التداول", "pass_on": "التمرير", "disclose": "الكشف",
        "free": "مسموح", "leave": "بإذن صاحبه", "never": "غير مسموح", "articles": "المواد", "article": "المادة {n}",
        "attribution": "المصدر", "forbidden": "النتيجة: محظور.", "consent": "النتيجة: يلزم موافقة: {of}.",
        "legal_review": "النتيجة: تلزم مراجعة قانونية.", "site_review": "النتيجة: تلزم مراجعة المواقع المحمية.",
        "second_person": "النتيجة: يلزم تأكيد شخص ثانٍ.", "territory": "صاحب الإقليم", "all": "جميع الأعضاء",
        "margin": "هامش الحدود بالكيلومترات: {n}",
        "decisions": "القرارات", "quorum": "يجب أن يكون قد صوّت", "majority": "يجب أن يكون قد قال نعم",
        "at_least": "{part} من كل {whole} من الأعضاء غير المعلَّقين على الأقل",
        "more_than": "أكثر من {part} من كل {whole} من الأعضاء غير المعلَّقين",
    },
    "fa": {
        "exercise": "تمرین", "seat": "مقر", "members": "اعضا", "partners": "شریکان", "exchanges": "مبادله می‌کند",
        "rotation": "ریاست", "order": "ترتیب", "months": "درازای هر دوره به ماه: {n}",
        "years": "درازای هر دوره به سال: {n}", "first": "روز نخست", "grace": "مهلت تحویل به روز: {n}",
        "support": "گونه‌های پشتیبانی", "handling": "کُدهای رسیدگی", "pass_on": "انتقال", "disclose": "افشا",
        "free": "آزاد", "leave": "با اجازهٔ گوینده", "never": "ناممکن", "articles": "ماده‌ها", "article": "مادهٔ {n}",
        "attribution": "منبع", "forbidden": "نتیجه: ممنوع است.", "consent": "نتیجه: موافقت لازم است: {of}.",
        "legal_review": "نتیجه: بازبینی حقوقی لازم است.", "site_review": "نتیجه: بازبینی مکان‌های حفاظت‌شده لازم است.",
        "second_person": "نتیجه: تأیید شخص دوم لازم است.", "territory": "صاحب قلمرو", "all": "همهٔ اعضا",
        "margin": "حاشیهٔ مرز به کیلومتر: {n}",
        "decisions": "تصمیم‌ها", "quorum": "باید رأی داده باشند", "majority": "باید آری گفته باشند",
        "at_least": "دست‌کم {part} از هر {whole} عضوِ تعلیق‌نشده",
        "more_than": "بیش از {part} از هر {whole} عضوِ تعلیق‌نشده",
    },
    "ru": {
        "exercise": "Учение", "seat": "Место пребывания", "members": "Участники", "partners": "Партнёры",
        "exchanges": "обменивается", "rotation": "Председательство", "order": "Порядок",
        "months": "Срок в месяцах: {n}", "years": "Срок в годах: {n}", "first": "Первый день",
        "grace": "Отсрочка передачи в днях: {n}", "support": "Виды поддержки", "handling": "Пометки об обращении",
        "pass_on": "передача дальше", "disclose": "раскрытие", "free": "можно", "leave": "с разрешения автора",
        "never": "нельзя", "articles": "Статьи", "article": "Статья {n}", "attribution": "Источник",
        "forbidden": "Следствие: запрещено.", "consent": "Следствие: нужно согласие: {of}.",
        "legal_review": "Следствие: нужна правовая проверка.",
        "site_review": "Следствие: нужна проверка охраняемых объектов.",
        "second_person": "Следствие: нужно подтверждение второго лица.", "territory": "территория",
        "all": "все участники", "margin": "Полоса у границы в километрах: {n}",
        "decisions": "Решения", "quorum": "Должны проголосовать", "majority": "Должны сказать «да»",
        "at_least": "не менее {part} из каждых {whole} участников, не приостановленных",
        "more_than": "более {part} из каждых {whole} участников, не приостановленных",
    },
    "en": {
        "exercise": "Exercise", "seat": "Seat", "members": "Members", "partners": "Partners", "exchanges": "exchanges",
        "rotation": "The chair", "order": "Order", "months": "Months of a term: {n}", "years": "Years of a term: {n}",
        "first": "First day", "grace": "Days of grace for a handover: {n}", "support": "Kinds of support",
        "handling": "Handling codes", "pass_on": "passing on", "disclose": "disclosing", "free": "free",
        "leave": "with its author's leave", "never": "never", "articles": "Articles", "article": "Article {n}",
        "attribution": "Source", "forbidden": "What follows: forbidden.",
        "consent": "What follows: the consent is needed of: {of}.",
        "legal_review": "What follows: a legal review is needed.",
        "site_review": "What follows: a review of protected sites is needed.",
        "second_person": "What follows: a second person must confirm.", "territory": "the territory",
        "all": "all members", "margin": "Kilometres of margin at a border: {n}",
        "decisions": "Decisions", "quorum": "Must have voted", "majority": "Must have said yes",
        "at_least": "at least {part} of every {whole} unsuspended members",
        "more_than": "more than {part} of every {whole} unsuspended members",
    },
}  # fmt: skip


def labels(lang: str) -> dict[str, str]:
    """The words in *lang*; a charter in a language that the house does not speak has them in English."""
    return LABELS.get(lang, LABELS["en"])
