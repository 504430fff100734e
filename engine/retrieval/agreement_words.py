"""Words that part questions in every domain, and words that never do. Korean and English."""

import re

# Each line: words of which a question means one and not the other.
OPPOSITES: tuple[tuple[str, ...], ...] = (
    ("부터", "까지"), ("과세", "비과세"), ("넘", "이하", "미만"),
    ("최대", "최소"), ("최고", "최저"), ("최초", "최종"), ("상한", "하한"),
    ("이상", "미만", "이하", "초과"), ("이전", "이후"), ("증가", "감소"), ("인상", "인하"),
    ("가입", "탈퇴"), ("취득", "양도"), ("매입", "매출"), ("수입", "수출"),
    ("국내", "국외", "해외"),
    ("내국인", "외국인"), ("개인", "법인"), ("본인", "배우자"), ("신규", "기존"), ("등록", "말소"),
    ("개업", "폐업"), ("입사", "퇴사"), ("입금", "출금"), ("설치", "삭제"),
    ("가능", "불가능", "불가"), ("포함", "제외"), ("유료", "무료"), ("평일", "주말", "공휴일"),
    ("오전", "오후"), ("월별", "연간"), ("매월", "매년"),
    ("출근", "퇴근"), ("정규직", "계약직"), ("채용", "해고"), ("유급", "무급"), ("주간", "야간"),
    ("남성", "여성"), ("기혼", "미혼"), ("존속", "비속"), ("세대주", "세대원"), ("차변", "대변"),
    ("자산", "부채"), ("이자수익", "이자비용"), ("이익", "손실"), ("흑자", "적자"),
    ("채권", "채무"), ("원금", "이자"), ("기초", "기말"), ("증자", "감자"), ("합병", "분할"),
    ("유형자산", "무형자산"), ("직접세", "간접세"), ("세전", "세후"), ("대기업", "중소기업"),
    ("임대인", "임차인"), ("매도", "매수"), ("판매", "구매"), ("도매", "소매"), ("전세", "월세"),
    ("단독", "공동"), ("고정", "변동"), ("단기", "장기"), ("상반기", "하반기"),
    ("일시납", "분납"), ("선불", "후불"), ("상승", "하락"), ("증액", "감액"), ("연장", "단축"),
    ("시작", "종료"), ("처음", "마지막"), ("승인", "반려"), ("찬성", "반대"), ("대여", "반납"),
    ("발신", "수신"), ("내부", "외부"), ("실내", "실외"), ("편도", "왕복"),
    ("로그인", "로그아웃"),
    ("enable", "disable"), ("open", "close"), ("open", "closed"), ("add", "remove"),
    ("install", "uninstall"), ("start", "stop"), ("before", "after"), ("minimum", "maximum"),
    ("least", "most"), ("lowest", "highest"), ("first", "last"),
    ("increase", "decrease"),
    ("import", "export"), ("upload", "download"), ("send", "receive"), ("buy", "sell"),
    ("allow", "block"), ("internal", "external"), ("domestic", "international"),
    ("weekday", "weekend"), ("monthly", "yearly", "annual"), ("lock", "unlock"), ("join", "leave"),
    ("employer", "employee"), ("hire", "dismiss"), ("hire", "fire"), ("full-time", "part-time"),
    ("permanent", "temporary"), ("paid", "unpaid"), ("married", "single"),
    ("debit", "credit"), ("asset", "liability"), ("profit", "loss"), ("revenue", "expense"),
    ("gross", "net"), ("taxable", "exempt"), ("fixed", "variable"), ("deposit", "withdraw"),
    ("deposit", "withdrawal"), ("lend", "borrow"), ("landlord", "tenant"), ("buyer", "seller"),
    ("wholesale", "retail"), ("long-term", "short-term"), ("longest", "shortest"),
    ("newest", "oldest"), ("early", "late"), ("morning", "afternoon", "evening"),
    ("beginning", "end"), ("above", "below"), ("inside", "outside"), ("public", "private"),
    ("incoming", "outgoing"), ("arrival", "departure"), ("check-in", "check-out"),
    ("approve", "reject"), ("accept", "decline"), ("connect", "disconnect"),
    ("encrypt", "decrypt"), ("login", "logout"), ("manual", "automatic"), ("online", "offline"),
)  # fmt: skip
# What is said of one of these says nothing of another.
NAMES = (
    "일본", "미국", "중국", "독일", "영국", "프랑스", "베트남", "홍콩", "싱가포르", "대만",
    "캐나다",
    "호주", "인도", "태국", "러시아", "이탈리아", "스페인", "필리핀", "인도네시아", "말레이시아",
    "멕시코", "브라질", "스위스", "네덜란드", "북한",
    "japan", "germany", "france", "china", "india", "canada", "australia", "singapore",
    "vietnam",
    "spain", "italy", "mexico", "brazil", "korea", "switzerland", "netherlands", "ireland",
)  # fmt: skip
# What reverses a Korean word that it stands before: 거주자, 비거주자.
REVERSING = ("비", "미", "불", "무", "부")
# How long something takes is asked with "when" too, and is no amount.
HOW_LONG = re.compile(
    r"얼마\s*(?:안|만|전|후|동안|지나|나\s?걸)|몇\s*(?:년|개월|달|주|일|시간)|며칠|기간"
    r"|얼마나\s*(?:걸|오래|근무|일해|일하|다녀|다니|가입|보관|보존|갖고|가지고|기다)"
    r"|how (?:long|often|soon)"
)
QUESTION_WORDS = {
    "when": re.compile(
        r"언제|몇\s*(?:월|일|시)(?![가-힣])|기한|날짜|마감|\bwhen\b|what (?:time|date|day)"
    ),
    "who": re.compile(r"누구|누가|\bwho(?:m|se)?\b"),
    "where": re.compile(r"어디|어느\s*(?:곳|관청|기관|부서)|\bwhere\b"),
    "why": re.compile(r"왜(?=\s|\?|$)|이유|\bwhy\b"),
    "how much": re.compile(
        r"얼마|[세비]율|공제율|금액|액수|몇\s*(?:%|퍼센트|프로|원|명|개|번|회|배|건|평|제곱)"
        r"|how (?:much|many|far)"
    ),
}
# Too loose to part questions in different words: "어떻게 되나요" asks for anything.
LOOSE_QUESTION_WORDS = {
    "how": re.compile(r"어떻게|방법|어떡|\bhow (?:do|can|should|to)\b"),
    "what": re.compile(r"무엇|뭐|뭔|이?란(?=\s|\?|$)|무슨|\bwhat (?:is|are|does)\b"),
}
# "안" as a word of its own, before a native verb, or between a noun and 하다 or 되다, as many type
# it (신고안하면); not "안에", "안내", "안전", "감안하면".
NEGATION = re.compile(
    r"않|없|못|아니|아닌|말아야|(?<![가-힣])안\s+(?=[가-힣])"
    r"|(?<![가-힣])안(?=하|해|한|할|되|된|돼|될|나와|나오|내면|내도|낸|냈|받|쓰|쓴|썼|써|끊|알려|줘|주|줬|팔|사|샀|가|와|왔|들|넣|붙|걸|맞|찍|떼|뗀|뗐)"
    r"|(?<=[가-힣][가-힣])(?<![감불편미방현])안\s?(?=하|해|한|할|했|되|된|돼|될|됐)"
    r"|\b(?:not|no|never|cannot|unable|without)\b|n't\b",
)
# Words of asking, and words that any question may have or lack.
ASIDE = re.compile(
    r"^(?:언제|얼마|무엇|뭐|뭘|뭔|어디|누가|누구|어떻게|어떡|왜|몇|알려|궁금|무슨|어느|어떤)"
    r"|^(?:기한|기간|날짜|날|달|마감|마감일|금액|액수|비율|퍼센트|프로)$"
    r"|^(?:경우|기준|때|그|이|저|것|수|안|못|좀|혹시|지금|제가|저는|우리|대해|정도|보통)$"
    r"|^(?:the|and|for|our|your|you|how|what|when|where|who|why|does|can|should|this|that|are|was|will"
    r"|have|has|get|need|must|may|please|many|much|long|often|from|into|with|is|of|to|in|on|at|by|do|we|my"
    r"|me|it|an|as|be|or|if|up|so|am|us)$"
)
# What a compound of Korean says only for its kind: 신고기한, 공제금액, 한도액.
KIND_OF = re.compile(r"(?<=[가-힣]{2})(?:기한|기간|날짜|금액|비율|액|율)$")
# What somebody asks for beside all else: a question without it is another one.
DECISIVE = frozenset({"who", "where", "why"})
# Who asks for a way or for a meaning is not told a date.
WANTED = {
    "how": re.compile(r"어떻게\s?하|방법|하는\s?법|\bhow (?:do|to|can) "),
    "what": re.compile(r"무엇인가요|뭐예요|뭔가요|무슨\s?뜻|\bwhat (?:is|are) an? "),
}
# "How many of what": years are no people.
COUNTED = re.compile(r"몇\s*([가-힣]+|%)|(며칠)")
# "월 얼마", "연 얼마": by the month is not by the year.
PERIODS = {
    "year": re.compile(r"(?<![가-힣])(?:연간?|매년|1년에)(?=\s)"),
    "month": re.compile(r"(?<![가-힣])(?:월|매월|매달|한\s?달에?)(?=\s)"),
    "day": re.compile(r"(?<![가-힣])(?:매일|하루에?)(?=\s)"),
}
