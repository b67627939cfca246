"""Pages that stand where an article should be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from tests.layouts.layouts import Layout, Made, link, p, page, pick
from tests.layouts.words import Words
from tests.newsday.articles import Story


def paywall(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """The first paragraph, then the offer; marked for search engines, by a class, or by words alone."""
    data = {"@type": "NewsArticle", "headline": story.title, "datePublished": story.published.isoformat(),
            "isAccessibleForFree": pick(["False", "false"], n) if n % 4 else False,
            "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid"}}  # fmt: skip
    marked = f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>' if n % 3 == 0 else ""
    offer = "".join(map(p, words.paywall))
    around = [f"<div class='{name}'>{offer}</div>" for name in ("paywall", "subscription-required", "css-77a")]
    body = (
        f'<main><article><h1>{escape(story.title)}</h1><div class="article-body">{p(story.paragraphs[0])}'
        f"{pick(around, n)}</div></article></main>"
    )
    return page(story, body, words, marked), None


def cookie_wall(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """Nothing but the question for consent."""
    inner = "".join(p(text) for text in words.consent)
    body = pick(
        [f"<main><h1>{words.consent[0]}</h1>{inner}</main>", f"<div class='con-wizard'><form>{inner}</form></div>",
         f"<div id='x'><div>{inner}{inner}</div></div>"],
        n,
    )  # fmt: skip
    return page(story, body, words), None


def listing(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """A section's page where the article was: headlines and summaries of others."""
    items = "".join(f"<li><h3>{link(o)}</h3>{p(o.summary)}</li>" for o in (*others, story))
    body = f"<main><h1>{words.listing}</h1><ul class='teasers'>{items}</ul></main>"
    return page(story, body, words).replace('<meta property="article:published_time"', '<meta name="x"'), None


def error_page(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """Said with status 200."""
    told = {
        "en": ("Page not found", "Sorry, the page you are looking for does not exist or has been moved. Check the address "
               "for mistakes, go back to the front page, or use the search to find what you were looking for on this site. "
               "If you think that this is a mistake of ours, please write to the web desk."),
        "fr": ("Page introuvable", "Désolé, la page que vous recherchez n’existe pas ou a été déplacée. Vérifiez l’adresse, "
               "revenez à la page d’accueil ou utilisez la recherche pour trouver ce que vous cherchiez sur ce site. Si vous "
               "pensez qu’il s’agit d’une erreur, écrivez-nous."),
        "ar": ("الصفحة غير موجودة", "عذراً، الصفحة التي تبحث عنها غير موجودة أو تم نقلها. تأكد من العنوان أو عد إلى الصفحة "
               "الرئيسية أو استخدم البحث للوصول إلى ما كنت تبحث عنه في هذا الموقع. إذا كنت تعتقد أن هذا خطأ منا فيرجى "
               "مراسلتنا عبر صفحة الاتصال."),
        "tr": ("Sayfa bulunamadı", "Üzgünüz, aradığınız sayfa bulunamadı veya taşınmış olabilir. Adresi kontrol edin, ana "
               "sayfaya dönün ya da sitede aradığınızı bulmak için arama kutusunu kullanın. Bunun bizim hatamız olduğunu "
               "düşünüyorsanız lütfen bize yazın, teşekkür ederiz."),
    }[story.language]  # fmt: skip
    html = page(story, f"<main><h1>{told[0]}</h1>{p(told[1])}</main>", words)
    return html.replace(f"<title>{escape(story.title)}", f"<title>{told[0]}"), None


def bot_check(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """The guard of a content network."""
    told = pick(
        ["Checking your browser before accessing quay.example. This process is automatic. Your browser will redirect to "
         "your requested content shortly. Please allow up to 5 seconds. Please turn JavaScript on and reload the page. "
         "DDoS protection by Cloudflare. Ray ID: 45e1c2d3f4a5b6c7.",
         "Please enable JavaScript and cookies to continue. Verify you are human by completing the action below. "
         "quay.example needs to review the security of your connection before proceeding. Performance and security by "
         "Cloudflare. Ray ID 45e1c2d3f4a5b6c7.",
         "Access to this page has been denied because we believe you are using automation tools to browse the website. "
         "This may happen as a result of the following: JavaScript is disabled or blocked by an extension. Your browser "
         "does not support cookies. Please make sure that JavaScript and cookies are enabled on your browser."],
        n,
    )  # fmt: skip
    title = pick(["Just a moment...", "Attention Required!", "Access denied"], n)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>{p(told)}</body></html>",
        None,
    )


WALLS: dict[str, Layout] = {
    "paywall": paywall, "cookie wall": cookie_wall, "listing": listing, "error page": error_page, "bot check": bot_check,
}  # fmt: skip
