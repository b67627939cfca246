"""What sites print around and between the paragraphs of their articles, in the four languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Furniture in one language. ``{}`` is another article's headline."""

    menu: tuple[str, ...]
    more: tuple[str, ...]  # lines that lead to another article
    ask: tuple[str, ...]  # what readers are asked to do
    count: tuple[str, ...]  # counters and moments that another visit finds changed
    ad: str
    comments: str
    cookies: str  # a banner
    consent: tuple[str, ...]  # a wall that stands before the page
    paywall: tuple[str, ...]
    listing: str
    rights: str
    caption: str


WORDS = {
    "en": Words(
        ("Home", "World", "Sport", "Opinion", "Video"),
        ("Read more: {}", "READ ALSO: {}", "Related: {}", "See also – {}", "More on this story: {}", "Don’t miss: {}"),
        ("Sign up for our morning newsletter", "Subscribe to our newsletter for the day’s five stories.",
         "Follow us on Facebook and Twitter", "Share this article", "Download our app for breaking news alerts",
         "Have a story to tell? Write to newsroom@quay.example"),
        ("Updated 3 minutes ago", "12 comments", "4,512 shares", "5 min read", "Last updated 12 Sep 2018 at 09:14",
         "1.2K views"),
        "Advertisement", "Comments", "We use cookies to improve this site. By going on you agree to our policy.",
        ("We value your privacy",
         "We and our 812 partners store and access information on a device, such as cookies, and process personal data, "
         "such as unique identifiers, for personalised advertising and content, measurement and audience research.",
         "With your permission we and our partners may use precise geolocation data. You may click to consent to the "
         "processing described above, or refuse to consent, or open the settings to change your preferences.",
         "Please note that some processing of your personal data may not require your consent. Accept all. Manage "
         "options."),
        ("This article is for subscribers only.", "Subscribe now for £1 a week to continue reading",
         "Already a subscriber? Log in"),
        "Latest news from the region", "All rights reserved", "The bridge on Tuesday morning. Photo: Harbour Pictures",
    ),
    "fr": Words(
        ("Accueil", "Monde", "Sports", "Débats", "Vidéos"),
        ("À lire aussi : {}", "Lire aussi : {}", "Lire aussi {}", "Voir aussi : {}", "» LIRE AUSSI - {}",
         "Sur le même sujet : {}"),
        ("Inscrivez-vous à notre newsletter", "Abonnez-vous à la lettre du matin pour recevoir l’essentiel.",
         "Suivez-nous sur Facebook", "Partager cet article", "Téléchargez notre application",
         "Réagissez à cet article"),
        ("Mis à jour il y a 3 minutes", "12 commentaires", "512 partages", "Temps de lecture : 4 min",
         "Publié le 11/09/2018 à 09:14", "Lecture 5 min"),
        "Publicité", "Commentaires", "Nous utilisons des cookies pour améliorer ce site. En poursuivant, vous acceptez.",
        ("Le respect de votre vie privée est notre priorité",
         "Avec nos 641 partenaires, nous utilisons des cookies pour stocker et accéder à des informations personnelles "
         "comme votre visite sur ce site, afin de mesurer l’audience et de personnaliser la publicité et les contenus.",
         "Vous pouvez retirer votre consentement ou vous opposer aux traitements fondés sur l’intérêt légitime à tout "
         "moment en cliquant sur les paramètres des cookies.",
         "Accepter et fermer. Continuer sans accepter. Paramétrer vos choix."),
        ("Cet article est réservé aux abonnés.", "Il vous reste 80 % de cet article à lire.",
         "Déjà abonné ? Se connecter"),
        "Les dernières nouvelles de la région", "Tous droits réservés", "Le pont, mardi matin. Photo : Images du Quai",
    ),
    "ar": Words(
        ("الرئيسية", "العالم", "رياضة", "رأي", "فيديو"),
        ("اقرأ أيضاً: {}", "إقرأ أيضا: {}", "اقرأ المزيد: {}", "شاهد أيضاً: {}", "ذات صلة: {}", "طالع أيضا: {}"),
        ("اشترك في نشرتنا البريدية", "تابعونا على فيسبوك وتويتر", "شارك هذا الخبر", "حمّل التطبيق الآن",
         "تابعوا قناتنا على تلغرام", "أضف تعليقك"),
        ("آخر تحديث: منذ 3 دقائق", "12 تعليقاً", "512 مشاركة", "مدة القراءة: 4 دقائق", "نشر في 11-09-2018 09:14",
         "1200 مشاهدة"),
        "إعلان", "التعليقات", "نستخدم ملفات تعريف الارتباط لتحسين الموقع. بمتابعة التصفح أنت توافق على سياستنا.",
        ("نحن نهتم بخصوصيتك",
         "نستخدم نحن وشركاؤنا ملفات تعريف الارتباط لتخزين المعلومات على جهازك والوصول إليها ومعالجة البيانات الشخصية مثل "
         "المعرفات الفريدة من أجل الإعلانات والمحتوى المخصص وقياس الجمهور.",
         "يمكنك سحب موافقتك أو تغيير تفضيلاتك في أي وقت من إعدادات ملفات تعريف الارتباط، أو رفض المعالجة القائمة على "
         "المصلحة المشروعة.",
         "قبول الكل. رفض الكل. إدارة الخيارات."),
        ("هذا المقال للمشتركين فقط.", "اشترك الآن لمتابعة القراءة", "مشترك بالفعل؟ تسجيل الدخول"),
        "آخر أخبار المنطقة", "جميع الحقوق محفوظة", "الجسر صباح الثلاثاء. تصوير: صور الميناء",
    ),
    "tr": Words(
        ("Anasayfa", "Dünya", "Spor", "Yazarlar", "Video"),
        ("İlgili haber: {}", "Ayrıca okuyun: {}", "Bunu da okuyun: {}", "İLGİLİ HABER: {}", "Ayrıca bkz: {}",
         "Devamı için tıklayın: {}"),
        ("Bültenimize abone olun", "Bizi Facebook’ta takip edin", "Bu haberi paylaş", "Uygulamamızı indirin",
         "Haberi arkadaşlarınızla paylaşın", "Yorum yap"),
        ("Son güncelleme: 3 dakika önce", "12 yorum", "512 paylaşım", "Okuma süresi: 4 dk",
         "Güncelleme: 11.09.2018 09:14", "1200 görüntülenme"),
        "Reklam", "Yorumlar", "Bu siteyi geliştirmek için çerez kullanıyoruz. Devam ederek kabul etmiş olursunuz.",
        ("Gizliliğinize önem veriyoruz",
         "Biz ve iş ortaklarımız, cihazınızdaki çerezler gibi bilgileri saklıyor ve bunlara erişiyor, kişiselleştirilmiş "
         "reklam ve içerik, ölçüm ve kitle araştırması için kişisel verilerinizi işliyoruz.",
         "Rızanızı dilediğiniz zaman çerez ayarlarından geri çekebilir, meşru menfaate dayalı işlemeye itiraz "
         "edebilirsiniz.",
         "Tümünü kabul et. Tümünü reddet. Ayarları yönet."),
        ("Bu içerik yalnızca abonelere özeldir.", "Okumaya devam etmek için abone olun",
         "Zaten abone misiniz? Giriş yapın"),
        "Bölgeden son haberler", "Tüm hakları saklıdır", "Köprü, salı sabahı. Fotoğraf: Liman Görsel",
    ),
}  # fmt: skip
